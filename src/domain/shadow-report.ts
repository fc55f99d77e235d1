/** How a shadow compares with the active model since a runner loaded it. */
export interface ShadowReport {
  readonly sha256: string;
  /** When the comparison began, milliseconds since 1970. */
  readonly since: number;
  /** Records that both scored, or that one of them could not. */
  readonly recordsCompared: number;
  readonly recordsDiffering: number;
  /** Greatest distance of two numbers of one cell. */
  readonly maxAbsoluteDifference: number;
  /** Mean milliseconds that the shadow takes for a record. */
  readonly meanMs: number;
  readonly outputs: readonly OutputDifference[];
}

/** The same for one output. */
export interface OutputDifference {
  readonly output: string;
  readonly recordsDiffering: number;
  readonly maxAbsoluteDifference: number;
}
