import { join } from 'node:path';
import { DomainError } from '../domain/errors.js';
import type { Reads, Store, Writes } from '../domain/ports.js';
import { openVault, type Vault } from '../secrets/vault.js';
import { answerReads, answerWrites } from './answers.js';
import { backup } from './backup.js';
import { type Connection, type ConnectionOptions, connect } from './connection.js';
import { openDatabase } from './database.js';
import { eventReads, eventWrites } from './events.js';
import { executionReads, executionWrites } from './executions.js';
import { createKnownUsers, type KnownUsers } from './known-users.js';
import { databaseName } from './layout.js';
import { type DirectoryLock, lockDataDirectory } from './lock.js';
import { modelReads, modelWrites } from './models.js';
import { createProof } from './proof.js';
import { integer } from './rows.js';
import { removeSnapshots } from './snapshot.js';
import { targetReads, targetWrites } from './targets.js';
import { taskReads, taskWrites } from './tasks.js';
import { userReads, userWrites } from './users.js';
import { createWriter, type Writer } from './writer.js';

/** The part of a logger that the store needs; pino's fits. */
export interface StoreLog {
  info(fields: object, message: string): void;
}

export interface StoreOptions {
  readonly dataDir: string;
  readonly log?: StoreLog;
  /** A lock that the caller holds and releases after `close`; absent: the store takes and releases its own. */
  readonly lock?: DirectoryLock;
  /** Absent: opened from DIR/key. */
  readonly vault?: Vault;
  /** How long a statement waits for another process that has the database. */
  readonly busyTimeoutMs?: number;
  /** Told how long each read took, and each write from being asked for to being on disk; also of those that failed. */
  readonly observe?: (operation: 'read' | 'write', ms: number) => void;
  /** How a connection is made; tests let statements fail here. */
  readonly connect?: (options: ConnectionOptions) => Promise<Connection>;
}

/** The store on a SQLite file. */
export interface SqliteStore extends Store {
  /**
   * Copies the database, as of one moment and while it is used, to a file that does not exist yet. The key file and the
   * models are not in it.
   */
  backup(file: string): Promise<void>;
  /** Writes that wait, the one under way among them. */
  writesQueued(): number;
  /** Proves that writes reach the disk, by one. STORE_UNAVAILABLE if they do not. */
  prove(): Promise<void>;
}

const busyTimeoutMsDefault = 5_000;

/**
 * Opens DIR/predictd.db, making what is missing. Refuses with STORE_UNAVAILABLE, and a `reason` in the metadata, a
 * directory in use, a damaged file, a newer schema and a wrong key.
 */
export async function openStore(options: StoreOptions): Promise<SqliteStore> {
  const lock = options.lock ?? (await lockDataDirectory(options.dataDir));
  try {
    const store = await openLocked(options);
    return {
      ...store,
      async close() {
        await store.close();
        if (options.lock === undefined) await lock.release();
      },
    };
  } catch (err) {
    if (options.lock === undefined) await lock.release();
    throw err;
  }
}

async function openLocked(options: StoreOptions): Promise<SqliteStore> {
  const startedAt = performance.now();
  await removeSnapshots(options.dataDir);
  const file = join(options.dataDir, databaseName);
  const vault = options.vault ?? (await openVault(options.dataDir));
  const { writing, reading } = await openDatabase({
    file,
    vault,
    busyTimeoutMs: options.busyTimeoutMs ?? busyTimeoutMsDefault,
    connect: options.connect ?? connect,
  });
  options.log?.info({ file, ms: Math.round(performance.now() - startedAt) }, 'store opened');
  const writer = createWriter(writing);
  const { observe = () => undefined } = options;
  const gate = createReadGate(reading, (ms) => observe('read', ms));
  const reads = readsOf(gate.connection, vault);
  const users = createKnownUsers(reads);
  const write = createWrite(writer, vault, users);
  let closed: Promise<void> | undefined;
  const close = async () => {
    await writer.end();
    await gate.end();
    await reading.close();
    await writing.close();
    users.forget();
  };
  return {
    ...reads,
    userByName: users.userByName,
    userByTokenHash: users.userByTokenHash,
    write: (work) =>
      timed(
        () => write(work),
        (ms) => observe('write', ms),
      ),
    writesQueued: writer.queued,
    prove: createProof(writer),
    backup: (target) => backup(file, target),
    close: () => {
      closed ??= close();
      return closed;
    },
  };
}

function createWrite(writer: Writer, vault: Vault, users: KnownUsers): Store['write'] {
  return async (work) => {
    let movesUsers = false;
    const usersMove = () => {
      movesUsers = true;
    };
    try {
      return await writer.write((connection) => work(writesOf(connection, vault, usersMove)));
    } finally {
      // Also after a failure: a commit that failed may be on disk all the same.
      if (movesUsers) users.forget();
    }
  };
}

function readsOf(connection: Connection, vault: Vault): Reads {
  return {
    ...userReads(connection),
    ...taskReads(connection, vault),
    ...executionReads(connection, vault),
    ...eventReads(connection),
    ...modelReads(connection),
    ...targetReads(connection, vault),
    ...answerReads(connection),
  };
}

const nextId = "UPDATE sequence SET value = value + 1 WHERE name = 'id' RETURNING value";

/** `usersMove` is called before any statement that writes users. */
function writesOf(connection: Connection, vault: Vault, usersMove: () => void): Writes {
  return {
    ...readsOf(connection, vault),
    async nextId() {
      const [row] = await connection.all(nextId);
      if (row === undefined) throw new Error('The sequence of ids is missing.');
      return integer(row, 'value');
    },
    ...userWrites(telling(connection, usersMove)),
    ...taskWrites(connection, vault),
    ...executionWrites(connection, vault),
    ...eventWrites(connection),
    ...modelWrites(connection),
    ...targetWrites(connection, vault),
    ...answerWrites(connection),
  };
}

/** A connection that tells of every statement before it runs. */
function telling(connection: Connection, tell: () => void): Connection {
  const told =
    <Args extends unknown[], T>(statement: (...args: Args) => T) =>
    (...args: Args): T => {
      tell();
      return statement(...args);
    };
  return {
    all: told(connection.all),
    run: told(connection.run),
    script: told(connection.script),
    close: connection.close,
  };
}

/** The reading connection, which refuses after the end instead of failing inside the driver. */
function createReadGate(connection: Connection, took: (ms: number) => void) {
  let open = true;
  const underWay = new Set<Promise<unknown>>();
  const gated: Connection = {
    ...connection,
    async all(sql, parameters) {
      if (!open) throw new DomainError('SHUTTING_DOWN');
      const rows = connection.all(sql, parameters);
      underWay.add(rows);
      try {
        return await timed(() => rows, took);
      } finally {
        underWay.delete(rows);
      }
    },
  };
  return {
    connection: gated,
    async end(): Promise<void> {
      open = false;
      await Promise.allSettled(underWay);
    },
  };
}

async function timed<T>(work: () => Promise<T>, took: (ms: number) => void): Promise<T> {
  const startedAt = performance.now();
  try {
    return await work();
  } finally {
    took(performance.now() - startedAt);
  }
}
