import { limits } from '../domain/limits.js';

/**
 * Notices that this process was stopped for a while, alone or with the whole machine: a runner that was not heard meanwhile was not
 * silent, and gets a lease to be heard.
 */
export class Absence {
  #seenAt: number | undefined;
  #backAt: number | undefined;

  /** To be called often. Whether this process came back less than a lease ago. */
  isRecent(now: number): boolean {
    if (this.#seenAt !== undefined && now - this.#seenAt > limits.leaseMs) this.#backAt = now;
    this.#seenAt = now;
    return this.#backAt !== undefined && now - this.#backAt < limits.leaseMs;
  }
}
