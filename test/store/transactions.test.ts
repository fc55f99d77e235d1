import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { DomainError } from '../../src/domain/errors.js';
import type { Writes } from '../../src/domain/ports.js';
import { type Connection, connect } from '../../src/store/connection.js';
import { createWriter } from '../../src/store/writer.js';
import { eventually } from '../support/eventually.js';
import {
  domainError,
  sampleEvent,
  sampleExecution,
  sampleModel,
  sampleTask,
  sampleUser,
  startChild,
  temporaryStore,
} from './support.js';

async function insertAll(writes: Writes): Promise<void> {
  const task = sampleTask(await writes.nextId());
  await writes.insertUser(sampleUser());
  await writes.insertTask(task);
  await writes.insertExecution(sampleExecution(await writes.nextId(), task, 1));
  await writes.appendEvent(sampleEvent(task.id));
  await writes.insertModel(sampleModel(await writes.nextId()));
}

test('what a throwing work wrote is gone, ids and event numbers included', async (t) => {
  const { store } = await temporaryStore(t);
  const failed = store.write(async (writes) => {
    await insertAll(writes);
    assert.equal(await writes.countTasks('ann'), 1);
    throw new DomainError('QUOTA_EXCEEDED');
  });
  await assert.rejects(failed, domainError('QUOTA_EXCEEDED'));
  assert.deepEqual(await store.listUsers({ limit: 10 }), []);
  assert.deepEqual(await store.eventBounds(), { first: 0, last: 0 });
  assert.equal(await store.write((writes) => writes.nextId()), 1);
});

test('reads outside a write see nothing of it before it is committed', async (t) => {
  const { store } = await temporaryStore(t);
  await store.write(async (writes) => {
    await writes.insertUser(sampleUser());
    assert.notEqual(await writes.userByName('ann'), undefined);
    assert.equal(await store.userByName('ann'), undefined);
  });
  assert.notEqual(await store.userByName('ann'), undefined);
});

test('an error that the work swallowed still undoes the whole write', async (t) => {
  const { store } = await temporaryStore(t);
  await store.write((writes) => writes.insertUser(sampleUser()));
  const swallowing = store.write(async (writes) => {
    await writes.nextId();
    const other = { ...sampleUser(), id: 2, tokenHash: 'other' };
    await writes.insertUser(other).catch(() => undefined);
  });
  await assert.rejects(swallowing, domainError('USER_EXISTS'));
  assert.equal(await store.write((writes) => writes.nextId()), 1);
});

test('a unique name that is taken is told by its own code', async (t) => {
  const { store } = await temporaryStore(t);
  await store.write(insertAll);
  const again = (work: (writes: Writes) => Promise<void>) => store.write(work);
  await assert.rejects(
    again((writes) => writes.insertTask(sampleTask(50, 'task-1'))),
    domainError('TASK_EXISTS'),
  );
  await assert.rejects(
    again((writes) => writes.insertModel(sampleModel(51, 'model-3'))),
    domainError('MODEL_EXISTS'),
  );
  await assert.rejects(
    again((writes) => writes.deleteUser('ann')),
    { name: 'ConstraintError' },
  );
});

test('a write inside a write is undone instead of waiting for itself, and the next one goes on', async (t) => {
  const { dataDir } = await temporaryStore(t);
  const file = join(dataDir, 'predictd.db');
  const connection = await connect({ file, readOnly: false, busyTimeoutMs: 1_000 });
  t.after(() => connection.close());
  const writer = createWriter(connection, 50);
  await writer.write((writes) => writes.script('CREATE TABLE made (id INTEGER)'));
  const inner = () => writer.write((writes) => writes.script('INSERT INTO made VALUES (2)'));
  const nested = writer.write(async (writes) => {
    await writes.script('INSERT INTO made VALUES (1)');
    await inner();
  });
  await assert.rejects(nested, /inside a write/);
  await writer.end();
  assert.deepEqual(await connection.all('SELECT id FROM made'), [{ id: 2 }]);
});

test('writes kept beyond their transaction are refused', async (t) => {
  const { store } = await temporaryStore(t);
  const kept = await store.write(async (writes) => ({ writes }));
  await assert.rejects(kept.writes.nextId(), /after it had ended/);
});

test('whichever statement fails, nothing is half done and the next write works', async (t) => {
  let countdown = Number.POSITIVE_INFINITY;
  const failing = async (statement: () => Promise<unknown>) => {
    countdown -= 1;
    if (countdown === 0) throw new DomainError('STORE_UNAVAILABLE', { message: 'injected' });
    return await statement();
  };
  const { store } = await temporaryStore(t, {
    connect: async (options) => {
      const real = await connect(options);
      if (options.readOnly) return real;
      return {
        all: (sql, parameters) => failing(() => real.all(sql, parameters)),
        run: (sql, parameters) => failing(() => real.run(sql, parameters)),
        script: (sql) => failing(() => real.script(sql)),
        close: () => real.close(),
      } as Connection;
    },
  });
  let nth = 0;
  for (let failed = true; failed; ) {
    nth += 1;
    countdown = nth;
    failed = await store.write(insertAll).then(
      () => false,
      (err: unknown) => domainError('STORE_UNAVAILABLE', /injected/)(err),
    );
    countdown = Number.POSITIVE_INFINITY;
    if (failed) {
      assert.deepEqual(await store.listUsers({ limit: 10 }), [], `statement ${nth}`);
      await store.write((writes) => writes.forgetAnswers(0));
    }
  }
  assert(nth > 12, `only ${nth} statements failed`);
  assert.deepEqual(
    (await store.listEvents(1, { limit: 9 })).map((event) => event.number),
    [1],
  );
});

test('a rollback that fails is made up for before the next write', async (t) => {
  let refuse = false;
  const { store } = await temporaryStore(t, {
    connect: async (options) => {
      const real = await connect(options);
      return {
        ...real,
        script: async (sql: string) => {
          if (refuse && sql === 'ROLLBACK') throw new DomainError('STORE_UNAVAILABLE');
          await real.script(sql);
        },
      };
    },
  });
  refuse = true;
  const throwing = store.write(async (writes) => {
    await writes.insertUser(sampleUser());
    throw new Error('no');
  });
  await assert.rejects(throwing, /no/);
  await assert.rejects(
    store.write((writes) => writes.nextId()),
    domainError('STORE_UNAVAILABLE'),
  );
  refuse = false;
  assert.equal(await store.write((writes) => writes.nextId()), 1);
  assert.equal(await store.userByName('ann'), undefined);
});

test('a full disk and a read-only one are STORE_UNAVAILABLE and pass', async (t) => {
  const writers: Connection[] = [];
  const { store } = await temporaryStore(t, {
    connect: async (options) => {
      const connection = await connect(options);
      if (!options.readOnly) writers.push(connection);
      return connection;
    },
  });
  const [writer] = writers;
  assert(writer);
  const large = { ...sampleUser(), passwordHash: 'x'.repeat(1_000_000) };
  const insert = () => store.write((writes) => writes.insertUser(large));
  const refused = (err: unknown) => {
    assert(err instanceof DomainError && err.retryAfterMs !== undefined);
    return domainError('STORE_UNAVAILABLE', /full|readonly/)(err);
  };
  await writer.script('PRAGMA max_page_count = 1');
  await assert.rejects(insert(), refused);
  assert.deepEqual(await store.listUsers({ limit: 1 }), []);
  await writer.script('PRAGMA max_page_count = 1000000; PRAGMA query_only = ON');
  await assert.rejects(insert(), refused);
  await writer.script('PRAGMA query_only = OFF');
  await insert();
  assert.deepEqual(await store.userByName('ann'), large);
});

test('a database that another process holds is STORE_UNAVAILABLE, and readable meanwhile', async (t) => {
  const { store, dataDir } = await temporaryStore(t);
  await store.write((writes) => writes.insertUser(sampleUser()));
  const { child, lines } = startChild(t, 'hold-write-lock', [join(dataDir, 'predictd.db')]);
  assert.equal((await lines.next()).value, 'held');
  await assert.rejects(
    store.write((writes) => writes.nextId()),
    (err: unknown) => {
      assert(err instanceof DomainError && err.retryAfterMs !== undefined);
      return domainError('STORE_UNAVAILABLE', /BUSY/)(err);
    },
  );
  assert.notEqual(await store.userByName('ann'), undefined);
  child.stdin.write('go\n');
  assert.equal((await lines.next()).value, 'released');
  assert.equal(await store.write((writes) => writes.nextId()), 1);
});

test('closing lets accepted writes end and refuses later calls', async (t) => {
  const { store } = await temporaryStore(t);
  const accepted = store.write((writes) => writes.nextId());
  const closed = store.close();
  await assert.rejects(
    store.write((writes) => writes.nextId()),
    domainError('SHUTTING_DOWN'),
  );
  assert.equal(await accepted, 1);
  await closed;
  await assert.rejects(store.userByName('ann'), domainError('SHUTTING_DOWN'));
});

test('that writes reach the disk is proved by one, once a second for all who ask', async (t) => {
  let proofs = 0;
  let isFull = true;
  const { store } = await temporaryStore(t, {
    connect: async (options) => {
      const real = await connect(options);
      const run: Connection['run'] = async (sql, parameters) => {
        if (!sql.includes("'proof'")) return await real.run(sql, parameters);
        proofs += 1;
        if (isFull) throw new DomainError('STORE_UNAVAILABLE');
        return await real.run(sql, parameters);
      };
      return { ...real, run };
    },
  });
  const asked = await Promise.allSettled([store.prove(), store.prove()]);
  assert.deepEqual(
    asked.map(({ status }) => status),
    ['rejected', 'rejected'],
  );
  await assert.rejects(store.prove(), domainError('STORE_UNAVAILABLE'));
  assert.equal(proofs, 1);
  isFull = false;
  await eventually(() => store.prove().then(() => true), { deadlineMs: 10_000 });
  await store.prove();
  assert.equal(proofs, 2);
});
