import assert from 'node:assert/strict';
import { chmod, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import fc from 'fast-check';
import { DomainError } from '../../src/domain/errors.js';
import { openVault } from '../../src/secrets/vault.js';

async function temporaryDirectory(t: TestContext): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'predictd-vault-'));
  t.after(() => rm(directory, { recursive: true, force: true }));
  return directory;
}

const unavailable = (reason: string) => (err: unknown) =>
  err instanceof DomainError && err.code === 'STORE_UNAVAILABLE' && err.metadata.reason === reason;

test('any text opens again under the same key and context, also after a restart', async (t) => {
  const directory = await temporaryDirectory(t);
  const vault = await openVault(directory);
  const reopened = await openVault(directory);
  const words = fc.string({ unit: 'binary' });
  fc.assert(
    fc.property(words, words, (secret, context) => {
      const sealed = vault.seal(secret, context);
      assert.match(sealed, /^v1\.[A-Za-z0-9_-]+$/);
      assert.equal(reopened.unseal(sealed, context), secret);
      assert.notEqual(vault.seal(secret, context), sealed);
    }),
  );
});

test('a sealed text opens nowhere else and not when any bit of it was changed', async (t) => {
  const vault = await openVault(await temporaryDirectory(t));
  const other = await openVault(await temporaryDirectory(t));
  const sealed = vault.seal('secret', 'tasks/1');
  assert.throws(() => vault.unseal(sealed, 'tasks/2'), unavailable('SECRET_UNREADABLE'));
  assert.throws(() => other.unseal(sealed, 'tasks/1'), unavailable('SECRET_UNREADABLE'));
  const bytes = Buffer.from(sealed.slice(3), 'base64url');
  for (let bit = 0; bit < bytes.length * 8; bit += 1) {
    const changed = Buffer.from(bytes);
    changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
    const text = `v1.${changed.toString('base64url')}`;
    assert.throws(() => vault.unseal(text, 'tasks/1'), unavailable('SECRET_UNREADABLE'));
  }
  for (const text of ['', 'secret', 'v1.', 'v1.AAAA', sealed.replace('v1', 'v2')]) {
    assert.throws(() => vault.unseal(text, 'tasks/1'), unavailable('SECRET_UNREADABLE'));
  }
});

test('the key is 32 bytes for the owner alone; first starts at the same time agree on one', async (t) => {
  const directory = await temporaryDirectory(t);
  const vaults = await Promise.all(Array.from({ length: 8 }, () => openVault(directory)));
  const sealed = vaults[0]?.seal('x', 'c') ?? '';
  for (const vault of vaults) assert.equal(vault.unseal(sealed, 'c'), 'x');
  assert.deepEqual(await readdir(directory), ['key']);
  assert.equal((await stat(join(directory, 'key'))).mode & 0o777, 0o600);
  assert.equal((await readFile(join(directory, 'key'))).length, 32);
});

test('a key that others may read or that is cut short is refused', async (t) => {
  const directory = await temporaryDirectory(t);
  await openVault(directory);
  await chmod(join(directory, 'key'), 0o644);
  await assert.rejects(openVault(directory), unavailable('KEY_FILE_UNUSABLE'));
  await chmod(join(directory, 'key'), 0o600);
  await writeFile(join(directory, 'key'), 'short');
  await assert.rejects(openVault(directory), /5 bytes instead of 32/);
});
