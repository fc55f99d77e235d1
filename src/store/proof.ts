import type { Writer } from './writer.js';

/** Whoever asks, and however often: the disk is asked once in so long. */
const sharedMs = 1_000;
/** One row, written anew each time: a transaction that changes nothing would reach no disk. */
const write = "INSERT OR REPLACE INTO settings (name, value) VALUES ('proof', ?)";

/** Makes the call that proves, by a write, that writes reach the disk. */
export function createProof(writer: Pick<Writer, 'write'>): () => Promise<void> {
  let newest: Promise<void> | undefined;
  const forget = () => {
    setTimeout(() => {
      newest = undefined;
    }, sharedMs).unref();
  };
  return () => {
    if (newest !== undefined) return newest;
    newest = writer.write(async (connection) => {
      await connection.run(write, [new Date().toISOString()]);
    });
    newest.then(forget, forget);
    return newest;
  };
}
