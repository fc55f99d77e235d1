export type Role = 'ADMIN' | 'OPERATOR' | 'VIEWER';

/** Somebody who may call the service, and owns tasks and models. */
export interface User {
  readonly id: number;
  readonly name: string;
  readonly role: Role;
  /** scrypt in PHC string form. */
  readonly passwordHash: string;
  /** SHA-256 of the token, in hexadecimal. */
  readonly tokenHash: string;
  /** SymetryML's 128-bit key, encrypted under the key file. */
  readonly secretKeySealed: string;
  /** UUIDs. */
  readonly projects: readonly string[];
  readonly createdAt: number;
}

/** The part of a user that proves to be one; it changes as a whole. */
export type StoredCredentials = Pick<User, 'passwordHash' | 'tokenHash' | 'secretKeySealed'>;

/** Who is calling. */
export interface Caller {
  readonly name: string;
  readonly role: Role;
  readonly projects: readonly string[];
  /**
   * Which credentials of the user the call came with, by the hash of the token among them; no two are alike. Absent where
   * nobody signed in, as on the machine of the service itself.
   */
  readonly credentials?: string;
}
