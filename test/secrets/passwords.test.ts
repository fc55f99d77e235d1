import assert from 'node:assert/strict';
import { scryptSync } from 'node:crypto';
import { test } from 'node:test';
import { DomainError } from '../../src/domain/errors.js';
import { createPasswordVerifier, hashPassword } from '../../src/secrets/passwords.js';

const password = 'correct horse battery staple';

test('a password is verified against its hash, a wrong one and an unknown user are not', async () => {
  const passwordHash = await hashPassword(password);
  assert.match(passwordHash, /^\$scrypt\$ln=14,r=8,p=5\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/);
  const verifier = createPasswordVerifier();
  assert.equal(await verifier.verify({ user: 'ann', password, passwordHash }), true);
  assert.equal(await verifier.verify({ user: 'ann', password: 'wrong', passwordHash }), false);
  assert.equal(await verifier.verify({ user: 'bob', password, passwordHash: undefined }), false);
  assert.notEqual(await hashPassword(password), passwordHash);
});

test('a hash with other settings, as written by any PHC implementation, is verified', async () => {
  const salt = Buffer.from('0123456789abcdef');
  const hash = scryptSync(password, salt, 32, { N: 1_024, r: 8, p: 1 });
  const unpadded = (bytes: Buffer) => bytes.toString('base64').replaceAll('=', '');
  const passwordHash = `$scrypt$ln=10,r=8,p=1$${unpadded(salt)}$${unpadded(hash)}`;
  const verifier = createPasswordVerifier();
  assert.equal(await verifier.verify({ user: 'ann', password, passwordHash }), true);
  const broken = verifier.verify({ user: 'ann', password, passwordHash: 'plain' });
  await assert.rejects(broken, /no scrypt PHC string/);
});

test('a right password is remembered for a minute and not beyond a change', async () => {
  let now = 0;
  const verifier = createPasswordVerifier(() => now);
  const passwordHash = await hashPassword(password);
  const check = { user: 'ann', password, passwordHash };
  const timed = async () => {
    const startedAt = performance.now();
    assert.equal(await verifier.verify(check), true);
    return performance.now() - startedAt;
  };
  const cold = await timed();
  const warm = await timed();
  assert(warm < cold / 5, `${cold} ms, then ${warm} ms`);
  now = 60_001;
  assert((await timed()) > cold / 5);
  const changed = { ...check, passwordHash: await hashPassword('another password') };
  assert.equal(await verifier.verify(changed), false);
});

test('equal checks at the same time are one; too many different ones are turned away', async () => {
  const verifier = createPasswordVerifier();
  const passwordHash = await hashPassword(password);
  const same = Array.from({ length: 500 }, () =>
    verifier.verify({ user: 'ann', password, passwordHash }),
  );
  assert((await Promise.all(same)).every((right) => right));

  const salt = 'AAAAAAAAAAAAAAAAAAAAAA';
  const cheap = `$scrypt$ln=4,r=8,p=1$${salt}$${'A'.repeat(43)}`;
  const different = Array.from({ length: 100 }, (_, index) =>
    verifier.verify({ user: 'ann', password: `guess ${index}`, passwordHash: cheap }),
  );
  const settled = await Promise.allSettled(different);
  const refused = settled.filter((result) => result.status === 'rejected');
  assert.equal(refused.length, 100 - 66);
  for (const { reason } of refused) {
    assert(reason instanceof DomainError && reason.code === 'TOO_MANY_FAILURES');
  }
  const later = { user: 'ann', password: 'guess again', passwordHash: cheap };
  assert.equal(await verifier.verify(later), false);
});
