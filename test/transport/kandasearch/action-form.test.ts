import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { openModelFiles } from '../../../src/store/model-files.js';
import {
  type ActionForm,
  formLimits,
  readActionForm,
} from '../../../src/transport/kandasearch/action-form.js';

const boundary = 'XX';
const contentType = `multipart/form-data; boundary=${boundary}`;
const end = `--${boundary}--\r\n`;

function part(name: string, body: string | Buffer, more = ''): Buffer {
  const head = `--${boundary}\r\ncontent-disposition: form-data; name="${name}"${more}\r\n\r\n`;
  return Buffer.concat([Buffer.from(head), Buffer.from(body), Buffer.from('\r\n')]);
}

const file = (body: string | Buffer, name = 'x') => part('file', body, `; filename="${name}"`);

async function* pieces(bytes: Buffer, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

/** A reader of forms on a directory of its own, and what lies in that. */
async function forms(t: TestContext) {
  const dataDir = await mkdtemp(join(tmpdir(), 'predictd-form-'));
  t.after(() => rm(dataDir, { recursive: true, force: true }));
  const { receive } = await openModelFiles(dataDir);
  const read = (parts: readonly (string | Buffer)[], type = contentType, size = 65_536) => {
    const bytes = Buffer.concat(parts.map((each) => Buffer.from(each)));
    return readActionForm({ contentType: type, chunks: pieces(bytes, size) }, receive);
  };
  return { receive, read, left: () => readdir(join(dataDir, 'models')) };
}

const contents = (form: ActionForm) =>
  Promise.all(form.files.map(({ path }) => readFile(path, 'utf8')));

test('a form reads the same in whatever pieces it comes, and leaves nothing when it is dropped', async (t) => {
  const { read, left } = await forms(t);
  const parts = [
    file('one'),
    part('data', '{"a":"é"}'),
    file('', 'é\u0000.onnx'),
    file('three'),
    end,
  ];
  for (const size of [1, 2, 3, 7, 64, 65_536]) {
    const form = await read(parts, contentType, size);
    assert.equal(form.data, '{"a":"é"}');
    assert.deepEqual(await contents(form), ['one', '', 'three']);
    assert.equal((await left()).length, 3);
    await form.drop();
    assert.deepEqual(await left(), []);
  }
});

test('names of files decide nothing, also when there is none, or the data has one', async (t) => {
  const { read } = await forms(t);
  const names = ['../../etc/passwd', '..\\x', '/abs', '\u0000', ' ', 'con', 'x'.repeat(5_000)];
  for (const name of names) {
    const form = await read([file('bytes', name), part('data', '{}', '; filename="d"'), end]);
    assert.equal(form.data, '{}');
    assert.deepEqual(await contents(form), ['bytes']);
    assert.match(form.files[0]?.path ?? '', /\/models\/[0-9a-f-]{36}\.partial$/);
    await form.drop();
  }
  const bare = await read([part('file', 'bytes'), part('data', '{}'), end]);
  assert.deepEqual(await contents(bare), ['bytes']);
  await bare.drop();
});

test('what is cut short or not a form is refused, and leaves no file behind', async (t) => {
  const { read, left } = await forms(t);
  const whole = Buffer.concat([file('x'.repeat(5_000)), part('data', '{}'), Buffer.from(end)]);
  for (const length of [0, 1, 10, 70, 1_000, 5_050, 5_100, whole.length - 5]) {
    const cut = read([whole.subarray(0, length)]);
    await assert.rejects(cut, /command parse failed/, `cut at ${length}`);
  }
  const types = ['', 'application/json', 'multipart/form-data', 'multipart/mixed; boundary=XX'];
  const long = `multipart/form-data; boundary=${'b'.repeat(300)}`;
  for (const type of [...types, 'multipart/form-data; boundary=', long]) {
    await assert.rejects(read([whole], type), /command parse failed/, type);
  }
  await assert.rejects(read([whole], 'multipart/form-data; boundary=other'), /parse failed/);
  assert.deepEqual(await left(), []);
});

test('every limit refuses the whole form instead of cutting it', async (t) => {
  const { read, left } = await forms(t);
  const { filesMax, partsMax, dataBytesMax, fileBytesMax } = formLimits;
  const many = (count: number, one: Buffer) => Array.from({ length: count }, () => one);
  const data = part('data', '{}');
  const fits = await read([data, ...many(filesMax, file('x')), end]);
  assert.equal(fits.files.length, filesMax);
  await fits.drop();
  const refused: readonly (readonly [RegExp, readonly (string | Buffer)[]])[] = [
    [/too many files/, [data, ...many(partsMax, file('x')), end]],
    [/too many files/, [data, ...many(filesMax + 1, file('x')), end]],
    [/too many parts "data"/, [data, data, end]],
    [/part "data" is larger/, [part('data', 'x'.repeat(dataBytesMax + 1)), end]],
    [/parts are named/, [data, part('other', 'x'), end]],
    [/part "file" is larger/, [data, file(Buffer.alloc(fileBytesMax + 1)), end]],
    [/form is larger/, [data, ...many(3, file(Buffer.alloc(fileBytesMax))), end]],
  ];
  for (const [why, parts] of refused) await assert.rejects(read(parts), why);
  assert.deepEqual(await left(), []);
});

test('a caller who leaves amid a file, and a disk that refuses, leave no file behind', async (t) => {
  const { receive, left } = await forms(t);
  const leaving = async function* () {
    yield file('x'.repeat(200_000)).subarray(0, 100_000);
    throw new Error('gone');
  };
  await assert.rejects(readActionForm({ contentType, chunks: leaving() }, receive), /gone/);
  assert.deepEqual(await left(), []);
  const full = async (bytes: number) => {
    const incoming = await receive(bytes);
    return { ...incoming, append: () => Promise.reject(new Error('the disk is full')) };
  };
  const bytes = Buffer.concat([file('x'.repeat(500_000)), Buffer.from(end)]);
  const chunks = pieces(bytes, 10_000);
  await assert.rejects(readActionForm({ contentType, chunks }, full), /the disk is full/);
  assert.deepEqual(await left(), []);
});
