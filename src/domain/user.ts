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

/** Who is calling. */
export interface Caller {
  readonly name: string;
  readonly role: Role;
  readonly projects: readonly string[];
}
