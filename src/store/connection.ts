import { pathToFileURL } from 'node:url';
import sqlite3 from 'sqlite3';
import { failureOf } from './failures.js';

export type SqlValue = string | number | null;
/** By position, or by name with the `$`. */
export type SqlParameters = readonly SqlValue[] | Readonly<Record<string, SqlValue>>;
export type Row = Readonly<Record<string, unknown>>;

/** One connection to a database file. Statements run one after another, in the order of the calls. */
export interface Connection {
  all(sql: string, parameters?: SqlParameters): Promise<Row[]>;
  /** Answers how many rows were changed. */
  run(sql: string, parameters?: SqlParameters): Promise<number>;
  /** Runs several statements without parameters; not cached. */
  script(sql: string): Promise<void>;
  /** Ends after the statements under way. */
  close(): Promise<void>;
}

export interface ConnectionOptions {
  readonly file: string;
  readonly readOnly: boolean;
  /** Promises that nobody writes meanwhile: SQLite then takes no lock and makes no file. */
  readonly immutable?: boolean;
  /** How long a statement waits for another process. It holds one of Node's four pool threads meanwhile. */
  readonly busyTimeoutMs: number;
}

/** Opens a file that exists. Whoever opens it closes it. Fails with the errors of `failureOf`. */
export async function connect(options: ConnectionOptions): Promise<Connection> {
  const database = await open(options);
  database.configure('busyTimeout', options.busyTimeoutMs);
  /** Otherwise several statements would block several pool threads on SQLite's own mutex. */
  database.serialize();
  const statements = new Map<string, Promise<sqlite3.Statement>>();

  const prepared = (sql: string): Promise<sqlite3.Statement> => {
    const known = statements.get(sql);
    if (known !== undefined) return known;
    const statement = prepare(database, sql);
    statements.set(sql, statement);
    statement.catch(() => statements.delete(sql));
    return statement;
  };
  return {
    all: async (sql, parameters = []) => await all(await prepared(sql), parameters),
    run: async (sql, parameters = []) => await run(await prepared(sql), parameters),
    script: (sql) => promised((done) => database.exec(sql, done)),
    async close() {
      const open = await Promise.allSettled(statements.values());
      statements.clear();
      for (const statement of open) {
        if (statement.status === 'fulfilled') statement.value.finalize();
      }
      await promised((done) => database.close(done));
    },
  };
}

function open(options: ConnectionOptions): Promise<sqlite3.Database> {
  const access = options.readOnly ? sqlite3.OPEN_READONLY : sqlite3.OPEN_READWRITE;
  const mode = options.immutable ? access | sqlite3.OPEN_URI : access;
  const name = options.immutable ? `${pathToFileURL(options.file)}?immutable=1` : options.file;
  return new Promise((resolve, reject) => {
    const database = new sqlite3.Database(name, mode, (err) =>
      err ? reject(failureOf(err)) : resolve(database),
    );
  });
}

function prepare(database: sqlite3.Database, sql: string): Promise<sqlite3.Statement> {
  return new Promise((resolve, reject) => {
    const statement = database.prepare(sql, (err: Error | null) =>
      err ? reject(failureOf(err)) : resolve(statement),
    );
  });
}

/** `all` also for single rows: it runs the statement to its end, so that no read lock stays behind. */
function all(statement: sqlite3.Statement, parameters: SqlParameters): Promise<Row[]> {
  return new Promise((resolve, reject) => {
    statement.all<Row>(parameters, (err, rows) => (err ? reject(failureOf(err)) : resolve(rows)));
  });
}

function run(statement: sqlite3.Statement, parameters: SqlParameters): Promise<number> {
  return new Promise((resolve, reject) => {
    statement.run(parameters, function done(err) {
      if (err) reject(failureOf(err));
      else resolve(this.changes);
    });
  });
}

function promised(start: (done: (err: Error | null) => void) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    start((err) => (err ? reject(failureOf(err)) : resolve()));
  });
}
