import type { Socket } from 'node:net';

/** The protocols one plaintext port speaks. */
export type Protocol = 'h1' | 'h2';

/**
 * Reads from a fresh plaintext connection until its protocol is known, puts the bytes back and calls
 * `found`, at most once. A connection that does not say in `timeoutMs` is destroyed. `found` must
 * take the socket over in the same turn.
 */
export function sniff(
  socket: Socket,
  timeoutMs: number,
  found: (protocol: Protocol) => void,
): void {
  let head = Buffer.alloc(0);
  const timer = setTimeout(() => socket.destroy(), timeoutMs);
  const stop = () => {
    clearTimeout(timer);
    socket.off('readable', look);
    socket.off('close', stop);
  };
  const look = () => {
    for (let chunk = socket.read(); chunk !== null; chunk = socket.read()) {
      head = Buffer.concat([head, chunk]);
    }
    const protocol = protocolOf(head);
    if (protocol === undefined) return;
    stop();
    socket.unshift(head);
    found(protocol);
  };
  socket.on('readable', look);
  socket.on('close', stop);
}

/** What a connection that begins with `head` speaks; undefined if it is too early to say. */
export function protocolOf(head: Uint8Array): Protocol | undefined {
  const length = Math.min(head.length, PREFACE.length);
  if (Buffer.compare(head.subarray(0, length), PREFACE.subarray(0, length)) !== 0) return 'h1';
  return length === PREFACE.length ? 'h2' : undefined;
}

/** How the connection preface of RFC 9113 begins, and no method of HTTP/1 does. */
const PREFACE = Buffer.from('PRI');
