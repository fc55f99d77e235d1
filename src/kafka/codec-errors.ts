/**
 * Compressed bytes that this service refuses to inflate: damaged, or larger than the limit when
 * inflated. kafkajs reads `retriable`: fetching the same bytes again would end the same way, so its
 * consumer crashes with this error as the cause in place of retrying for ever.
 */
export class DecompressionError extends Error {
  override readonly name = 'DecompressionError';
  readonly retriable = false;
}

/** Where a record batch came from, for error messages. */
export interface BatchPlace {
  readonly topic: string;
  readonly partition: number;
  /** The batch's base offset in decimal. */
  readonly offset: string;
}

/**
 * A record batch whose checksum or inner structure is wrong. Not retriable for kafkajs, as the
 * broker would send the same bytes again; whoever runs the consumer decides about a restart.
 */
export class CorruptRecordBatchError extends Error {
  override readonly name = 'CorruptRecordBatchError';
  readonly retriable = false;
  readonly place: BatchPlace;

  constructor(place: BatchPlace, problem: string) {
    super(
      `Record batch of ${place.topic}-${place.partition} at offset ${place.offset} ` +
        `is corrupt: ${problem}`,
    );
    this.place = place;
  }
}

/**
 * A record that alone exceeds the byte limit of a batch: the broker would refuse it whatever it is
 * sent with.
 */
export class RecordTooLargeError extends Error {
  override readonly name = 'RecordTooLargeError';
  readonly retriable = false;
  readonly recordBytes: number;
  readonly limitBytes: number;

  constructor(recordBytes: number, limitBytes: number) {
    super(
      `The record takes ${recordBytes} bytes in a batch, ` +
        `more than the limit of ${limitBytes} bytes`,
    );
    this.recordBytes = recordBytes;
    this.limitBytes = limitBytes;
  }
}
