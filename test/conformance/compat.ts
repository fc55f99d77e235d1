import type { Readable, Writable } from 'node:stream';
import { type DescMessage, fromBinary, type MessageShape, toBinary } from '@bufbuild/protobuf';

/** Length in front of each message of the runner: 32 bits, big endian. */
const PREFIX_BYTES = 4;

/** Reads the one message with which the runner says what server it wants. */
export async function readMessage<T extends DescMessage>(
  input: Readable,
  schema: T,
): Promise<MessageShape<T>> {
  let received = Buffer.alloc(0);
  for await (const chunk of input) {
    received = Buffer.concat([received, chunk]);
    const end = endOfMessage(received);
    if (received.length >= end) return fromBinary(schema, received.subarray(PREFIX_BYTES, end));
  }
  throw new Error(`the runner's message ended after ${received.length} bytes`);
}

/** Answers the runner. */
export function writeMessage<T extends DescMessage>(
  output: Writable,
  schema: T,
  message: MessageShape<T>,
): void {
  const bytes = toBinary(schema, message);
  const prefix = Buffer.alloc(PREFIX_BYTES);
  prefix.writeUInt32BE(bytes.length);
  output.write(Buffer.concat([prefix, bytes]));
}

function endOfMessage(received: Buffer): number {
  if (received.length < PREFIX_BYTES) return Number.POSITIVE_INFINITY;
  return PREFIX_BYTES + received.readUInt32BE(0);
}
