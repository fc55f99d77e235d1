/**
 * Where the fields of a magic-2 record batch stand, in bytes from its start. All numbers are
 * big-endian. The CRC covers everything from the attributes to the end.
 */
export const BatchField = {
  BASE_OFFSET: 0,
  LENGTH: 8,
  LEADER_EPOCH: 12,
  MAGIC: 16,
  CRC: 17,
  ATTRIBUTES: 21,
  LAST_OFFSET_DELTA: 23,
  BASE_TIMESTAMP: 27,
  MAX_TIMESTAMP: 35,
  PRODUCER_ID: 43,
  PRODUCER_EPOCH: 51,
  BASE_SEQUENCE: 53,
  RECORD_COUNT: 57,
  RECORDS: 61,
} as const;

/** Bytes before the part that the batch's LENGTH field counts. */
export const LENGTH_FIELD_END = 12;
/** The magic byte of record batches since Kafka 0.11; 0 and 1 are the message sets before it. */
export const MAGIC_V2 = 2;

/** Bits of the ATTRIBUTES field. */
export const BatchAttribute = {
  COMPRESSION: 0x07,
  LOG_APPEND_TIME: 0x08,
  TRANSACTIONAL: 0x10,
  CONTROL: 0x20,
} as const;
