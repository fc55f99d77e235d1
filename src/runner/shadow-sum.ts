import type { OutputDifference, ShadowReport } from '../domain/shadow-report.js';

/** What the threads say of one shadow, as one; undefined if none says anything. */
export function sumOfShadows(reports: readonly ShadowReport[]): ShadowReport | undefined {
  const [first] = reports;
  if (!first) return undefined;
  return reports.filter(({ sha256 }) => sha256 === first.sha256).reduce(sum);
}

function sum(a: ShadowReport, b: ShadowReport): ShadowReport {
  const recordsCompared = a.recordsCompared + b.recordsCompared;
  const totalMs = a.meanMs * a.recordsCompared + b.meanMs * b.recordsCompared;
  return {
    sha256: a.sha256,
    since: Math.min(a.since, b.since),
    recordsCompared,
    recordsDiffering: a.recordsDiffering + b.recordsDiffering,
    maxAbsoluteDifference: Math.max(a.maxAbsoluteDifference, b.maxAbsoluteDifference),
    meanMs: recordsCompared === 0 ? 0 : totalMs / recordsCompared,
    outputs: sumOfOutputs([...a.outputs, ...b.outputs]),
  };
}

function sumOfOutputs(outputs: readonly OutputDifference[]): readonly OutputDifference[] {
  const sums = new Map<string, OutputDifference>();
  for (const { output, recordsDiffering, maxAbsoluteDifference } of outputs) {
    const before = sums.get(output);
    sums.set(output, {
      output,
      recordsDiffering: recordsDiffering + (before?.recordsDiffering ?? 0),
      maxAbsoluteDifference: Math.max(maxAbsoluteDifference, before?.maxAbsoluteDifference ?? 0),
    });
  }
  return [...sums.values()];
}
