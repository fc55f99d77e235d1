import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';
import { link, open, readFile, stat, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { DomainError } from '../domain/errors.js';
import { codeOf, makePrivateDirectory, syncDirectory } from './private-files.js';

/** Seals what must be readable again. A sealed text only opens under the same key and the same context. */
export interface Vault {
  /** Answers `v1.` and base64url; the same secret is sealed differently every time. */
  seal(plaintext: string, context: string): string;
  /** STORE_UNAVAILABLE if it was sealed under another key or context, or was changed. */
  unseal(sealed: string, context: string): string;
}

const keyBytes = 32;
/** 96 random bits: NIST allows 2^32 messages under one key, far more than specs are ever written. */
const nonceBytes = 12;
const tagBytes = 16;
const prefix = 'v1.';
const cipherName = 'aes-256-gcm';

/**
 * Reads DIR/key, or makes it (32 random bytes, mode 0600) where there is none. Whoever has a backup of the database
 * needs this file too; without it the sealed secrets are lost.
 */
export async function openVault(dataDir: string): Promise<Vault> {
  await makePrivateDirectory(dataDir);
  const path = join(dataDir, 'key');
  const key = (await readKey(path)) ?? (await createKey(dataDir, path));
  const sealingKey = Buffer.from(hkdfSync('sha256', key, '', 'predictd seal v1', keyBytes));
  key.fill(0);
  return {
    seal: (plaintext, context) => seal(sealingKey, plaintext, context),
    unseal: (sealed, context) => unseal(sealingKey, sealed, context),
  };
}

function seal(key: Buffer, plaintext: string, context: string): string {
  const nonce = randomBytes(nonceBytes);
  const cipher = createCipheriv(cipherName, key, nonce, { authTagLength: tagBytes });
  cipher.setAAD(Buffer.from(context, 'utf8'));
  const body = Buffer.concat([cipher.update(plaintext, 'utf8'), cipher.final()]);
  return prefix + Buffer.concat([nonce, cipher.getAuthTag(), body]).toString('base64url');
}

function unseal(key: Buffer, sealed: string, context: string): string {
  if (!sealed.startsWith(prefix)) throw unreadable(context);
  const bytes = Buffer.from(sealed.slice(prefix.length), 'base64url');
  if (bytes.length < nonceBytes + tagBytes) throw unreadable(context);
  const decipher = createDecipheriv(cipherName, key, bytes.subarray(0, nonceBytes), {
    authTagLength: tagBytes,
  });
  decipher.setAAD(Buffer.from(context, 'utf8'));
  decipher.setAuthTag(bytes.subarray(nonceBytes, nonceBytes + tagBytes));
  try {
    const head = decipher.update(bytes.subarray(nonceBytes + tagBytes));
    return Buffer.concat([head, decipher.final()]).toString('utf8');
  } catch (cause) {
    throw unreadable(context, cause);
  }
}

function unreadable(context: string, cause?: unknown): DomainError {
  return new DomainError('STORE_UNAVAILABLE', {
    message: `The secret "${context}" cannot be read: it was sealed under another key, or it was changed.`,
    metadata: { reason: 'SECRET_UNREADABLE' },
    cause,
  });
}

async function readKey(path: string): Promise<Buffer | undefined> {
  let key: Buffer;
  try {
    const { mode } = await stat(path);
    if ((mode & 0o077) !== 0) throw keyRefused(path, `others may read it; run chmod 600 ${path}`);
    key = await readFile(path);
  } catch (err) {
    if (codeOf(err) === 'ENOENT') return undefined;
    if (err instanceof DomainError) throw err;
    throw keyRefused(path, 'it cannot be read', err);
  }
  if (key.length === keyBytes) return key;
  throw keyRefused(
    path,
    `it has ${key.length} bytes instead of ${keyBytes}; restore it from a backup`,
  );
}

/** The complete file appears under its name at once, so that a crash leaves no half key. */
async function createKey(dataDir: string, path: string): Promise<Buffer> {
  const key = randomBytes(keyBytes);
  const temporary = `${path}.${process.pid}.${randomBytes(4).toString('hex')}`;
  const file = await open(temporary, 'wx', 0o600);
  try {
    await file.writeFile(key);
    await file.sync();
    await file.close();
    await link(temporary, path);
    await syncDirectory(dataDir);
    return key;
  } catch (err) {
    if (codeOf(err) !== 'EEXIST') throw err;
    const other = await readKey(path);
    if (other === undefined) throw err;
    return other;
  } finally {
    await file.close().catch(() => undefined);
    await unlink(temporary);
  }
}

function keyRefused(path: string, why: string, cause?: unknown): DomainError {
  return new DomainError('STORE_UNAVAILABLE', {
    message: `The key file ${path} is not usable: ${why}.`,
    metadata: { reason: 'KEY_FILE_UNUSABLE' },
    cause,
  });
}
