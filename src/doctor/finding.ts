/** What a check came to. A warning is no failure: it works now and may not later. */
export type Outcome = 'ok' | 'warning' | 'failed' | 'skipped';

/** What one check found. */
export interface Finding {
  /** What was looked at, such as `data directory`. */
  readonly subject: string;
  readonly outcome: Outcome;
  /** In a sentence. */
  readonly detail: string;
  /** What to do about it; empty if nothing. */
  readonly hint: string;
}

/** What a check says of its subject. */
export type Verdict = Omit<Finding, 'subject'>;

/** A check: it throws, or says what it found. */
export interface Check {
  readonly subject: string;
  readonly look: () => Promise<Verdict> | Verdict;
  /** What to do if it throws. */
  readonly hint: string;
}

export const ok = (detail: string): Verdict => ({ outcome: 'ok', detail, hint: '' });
export const warning = (detail: string, hint: string): Verdict => ({
  outcome: 'warning',
  detail,
  hint,
});
export const failed = (detail: string, hint: string): Verdict => ({
  outcome: 'failed',
  detail,
  hint,
});
export const skipped = (detail: string): Verdict => ({ outcome: 'skipped', detail, hint: '' });

/** Runs checks one after another. One that throws has failed; the others go on. */
export async function runChecks(
  checks: readonly Check[],
  explain: (error: unknown) => { readonly detail: string; readonly hint: string },
): Promise<readonly Finding[]> {
  const findings: Finding[] = [];
  for (const { subject, look, hint } of checks) {
    try {
      findings.push({ subject, ...(await look()) });
    } catch (error) {
      const said = explain(error);
      findings.push({ subject, ...failed(said.detail, said.hint || hint) });
    }
  }
  return findings;
}
