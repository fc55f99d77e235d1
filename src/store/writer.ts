import { DomainError } from '../domain/errors.js';
import type { Connection } from './connection.js';

/** Far above what the API's own limits let in; beyond it memory would be the queue. */
const writesQueuedMax = 10_000;
const queueRetryAfterMs = 1_000;
/** Far longer than a work computes between two statements. */
const idleMsMax = 10_000;

/** The only way to write: works run one after another, each in a transaction of its own. */
export interface Writer {
  write<T>(work: (connection: Connection) => Promise<T>): Promise<T>;
  /** Works that were accepted and have not ended. */
  queued(): number;
  /** Refuses new works and resolves when those already accepted have ended. */
  end(): Promise<void>;
}

/**
 * Makes one connection the only writer. A work that throws, or in which any statement failed (even if the work
 * swallowed the error), leaves nothing behind. So does one that runs no statement for too long: a write inside a write would
 * wait for itself, and all others with it. Seeing that at once would take an AsyncLocalStorage, which makes every promise
 * of the process dearer.
 */
export function createWriter(connection: Connection, idleMs: number = idleMsMax): Writer {
  /** A rollback that failed: SQLite may still be in the transaction, so it comes first next time. */
  let unsettled = false;
  let ended = false;
  let queued = 0;
  let tail: Promise<unknown> = Promise.resolve();

  const rollback = async () => {
    unsettled = true;
    await connection.script('ROLLBACK').catch((err: unknown) => {
      /** Graver errors end the transaction by themselves. */
      if (!isNoTransaction(err)) throw err;
    });
    unsettled = false;
  };
  const transact = async <T>(work: (connection: Connection) => Promise<T>): Promise<T> => {
    if (unsettled) await rollback();
    await connection.script('BEGIN IMMEDIATE');
    const scope = createScope(connection, idleMs);
    try {
      const result = await Promise.race([work(scope.connection), scope.idle]);
      await scope.end();
      await connection.script('COMMIT');
      return result;
    } catch (err) {
      await scope.end().catch(() => undefined);
      await rollback().catch(() => undefined);
      throw err;
    }
  };
  return {
    async write(work) {
      if (ended) throw new DomainError('SHUTTING_DOWN');
      if (queued >= writesQueuedMax) throw queueFull();
      queued += 1;
      const result = tail.then(() => transact(work));
      tail = result.then(leave, leave);
      return await result;
    },
    queued: () => queued,
    async end() {
      ended = true;
      await tail;
    },
  };

  function leave() {
    queued -= 1;
  }
}

/**
 * The connection as one work sees it: it dies with the work, so that a forgotten `await` cannot write into somebody
 * else's transaction, and it remembers the first failure.
 */
function createScope(connection: Connection, idleMs: number) {
  let open = true;
  let hasMoved = false;
  let failure: { readonly error: unknown } | undefined;
  const pending = new Set<Promise<unknown>>();

  const guarded = async <T>(statement: () => Promise<T>): Promise<T> => {
    if (!open) throw new Error('The writes of a transaction were used after it had ended.');
    if (failure) throw failure.error;
    hasMoved = true;
    const running = statement();
    pending.add(running);
    try {
      return await running;
    } catch (error) {
      failure ??= { error };
      throw error;
    } finally {
      pending.delete(running);
    }
  };
  let timer: NodeJS.Timeout | undefined;
  const idle = new Promise<never>((_, reject) => {
    // Half the time, and twice: a process that was stopped for a while finds its timer due before anything else.
    timer = setInterval(() => {
      if (!hasMoved && pending.size === 0) reject(new Error(idleText));
      hasMoved = false;
    }, idleMs / 2);
  });
  const scoped: Connection = {
    all: (sql, parameters) => guarded(() => connection.all(sql, parameters)),
    run: (sql, parameters) => guarded(() => connection.run(sql, parameters)),
    script: (sql) => guarded(() => connection.script(sql)),
    close: () => Promise.reject(new Error('A transaction does not close its connection.')),
  };
  return {
    connection: scoped,
    /** Rejects when no statement has run for too long. */
    idle,
    async end(): Promise<void> {
      clearInterval(timer);
      open = false;
      await Promise.allSettled(pending);
      if (failure) throw failure.error;
    },
  };
}

const idleText =
  'A write ran no statement for too long and was undone. A write inside a write waits for itself; use the writes given.';

function isNoTransaction(err: unknown): boolean {
  return err instanceof Error && err.message.includes('no transaction is active');
}

function queueFull(): DomainError {
  return new DomainError('STORE_UNAVAILABLE', {
    message: 'Too many writes wait for the disk.',
    retryAfterMs: queueRetryAfterMs,
  });
}
