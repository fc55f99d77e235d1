import { createCipheriv, createDecipheriv } from 'node:crypto';

/** The documented initialisation vector, the same for every body: what protects a body is the signature over it. */
const iv = Buffer.from('LzM5QUtXZXWHm7HJ4wAePg==', 'base64');
const cipherName = 'aes-128-cbc';

/** Encrypts a text as a body: AES-128-CBC under the user's key, in Base64. */
export function encryptBody(text: string, secretKey: string): string {
  const cipher = createCipheriv(cipherName, Buffer.from(secretKey, 'base64'), iv);
  return Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]).toString('base64');
}

/** Decrypts a body, or answers undefined if it was not encrypted under this key. Line breaks in it do not matter. */
export function decryptBody(body: string, secretKey: string): Buffer | undefined {
  const base64 = body.replaceAll(/[\r\n]/g, '');
  if (!base64Pattern.test(base64)) return undefined;
  const decipher = createDecipheriv(cipherName, Buffer.from(secretKey, 'base64'), iv);
  try {
    return Buffer.concat([decipher.update(base64, 'base64'), decipher.final()]);
  } catch {
    return undefined;
  }
}

const base64Pattern = /^[A-Za-z0-9+/]+={0,2}$/;
