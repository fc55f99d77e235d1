import { randomBytes } from 'node:crypto';
import { open, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { DomainError } from '../domain/errors.js';
import { syncDirectory } from '../secrets/private-files.js';
import { type Credentials, newCredentials } from './credentials.js';
import type { Room } from './deps.js';
import { makeUser } from './make-user.js';

const adminName = 'admin';

/** Name of the file in the data directory that holds the first admin's credentials. */
export const adminFileName = 'admin.json';

/**
 * Makes the user `admin` in a store without users, and writes the credentials to `DIR/admin.json` (mode 0600). The
 * file comes first and is complete when it appears; a start after a crash in between uses the credentials in it.
 * Answers the file's path if it made the user.
 */
export async function ensureFirstAdmin(
  room: Pick<Room, 'store' | 'secrets' | 'clock'>,
  dataDir: string,
): Promise<string | undefined> {
  if ((await room.store.listUsers({ limit: 1 })).length > 0) return undefined;
  const path = join(dataDir, adminFileName);
  const credentials = (await readCredentials(path)) ?? (await writeCredentials(room, dataDir));
  const made = await makeUser(room, { name: adminName, role: 'ADMIN', projects: [], credentials });
  await room.store.write(async (writes) => {
    if ((await writes.listUsers({ limit: 1 })).length > 0) throw new DomainError('USER_EXISTS');
    await writes.insertUser({ ...made, id: await writes.nextId() });
  });
  return path;
}

/** The credentials of a start that was cut off, if the file is there and whole. */
async function readCredentials(path: string): Promise<Credentials | undefined> {
  try {
    const file: unknown = JSON.parse(await readFile(path, 'utf8'));
    return isAdminFile(file) ? file : undefined;
  } catch {
    return undefined;
  }
}

type AdminFile = Credentials & { readonly name: string };

function isAdminFile(file: unknown): file is AdminFile {
  if (typeof file !== 'object' || file === null) return false;
  const members = new Map(Object.entries(file));
  const isText = (key: string) => {
    const value: unknown = members.get(key);
    return typeof value === 'string' && value !== '';
  };
  return members.get('name') === adminName && ['password', 'token', 'secretKey'].every(isText);
}

async function writeCredentials(
  { secrets }: Pick<Room, 'secrets'>,
  dataDir: string,
): Promise<Credentials> {
  const admin: AdminFile = { name: adminName, ...newCredentials(secrets) };
  const path = join(dataDir, adminFileName);
  const temporary = `${path}.${randomBytes(4).toString('hex')}`;
  try {
    await writeDurably(temporary, `${JSON.stringify(admin, undefined, 2)}\n`);
    await rename(temporary, path);
    await syncDirectory(dataDir);
  } finally {
    await rm(temporary, { force: true });
  }
  return admin;
}

async function writeDurably(path: string, text: string): Promise<void> {
  const file = await open(path, 'wx', 0o600);
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
}
