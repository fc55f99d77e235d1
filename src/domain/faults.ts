import { DomainError, type FieldViolation, invalidFields } from './errors.js';
import { limits } from './limits.js';

/** Collects what is wrong with a request, so that the caller learns it at once; up to `limits.faultsMax` faults. */
export class Faults {
  readonly #list: FieldViolation[] = [];

  get list(): readonly FieldViolation[] {
    return this.#list;
  }

  get isEmpty(): boolean {
    return this.#list.length === 0;
  }

  add(field: string, reason: string, description: string): void {
    this.take({ field, reason, description });
  }

  /** Takes over faults that were found elsewhere. */
  take(...faults: readonly (FieldViolation | undefined)[]): void {
    for (const fault of faults) {
      if (fault && this.#list.length < limits.faultsMax) this.#list.push(fault);
    }
  }

  /** Answers what `work` answers; takes over the faults of an INVALID_FIELD error and lets any other pass. */
  try<T>(work: () => T): T | undefined {
    try {
      return work();
    } catch (error) {
      if (!(error instanceof DomainError) || error.code !== 'INVALID_FIELD') throw error;
      this.take(...error.violations);
      return undefined;
    }
  }

  /** Whether nothing was found at or below this path. */
  spares(path: string): boolean {
    return !this.#list.some(({ field }) => field === path || field.startsWith(`${path}.`));
  }

  throwIfAny(): void {
    if (this.#list.length > 0) throw invalidFields(this.#list);
  }
}
