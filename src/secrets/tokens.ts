import { createHash, randomBytes } from 'node:crypto';

/** Lets secret scanners and people see what a leaked text is. */
const tokenPrefix = 'pd_';
const tokenBytes = 32;

/** A bearer token: `pd_` and 256 random bits. It is shown once and kept only as its hash. */
export function newToken(): string {
  return tokenPrefix + randomBytes(tokenBytes).toString('base64url');
}

/** SHA-256 in hexadecimal: a fast hash is right for 256 random bits, and lets the store look it up by index. */
export function hashToken(token: string): string {
  return createHash('sha256').update(token, 'utf8').digest('hex');
}

/** A 128-bit secret key in Base64, as signed and encrypted requests of the SymetryML dialect use it. */
export function newSecretKey(): string {
  return randomBytes(16).toString('base64');
}

/** A password for a user who did not choose one: 144 random bits, 24 characters. */
export function newPassword(): string {
  return randomBytes(18).toString('base64url');
}
