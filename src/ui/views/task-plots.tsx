import type { Task } from '../../../gen/ts/predictd/v1/task_pb.js';
import { samplesOf } from '../api/samples.js';
import { LinePlot } from '../plots/line-plot.js';
import { bytes, compact, rate, span } from '../words.js';

/** How the task went since this tab watches it. */
export function TaskPlots({ task }: { readonly task: Task }) {
  const { time, ...seen } = samplesOf(task.name);
  const last = (column: readonly (number | null)[]) => column.at(-1) ?? undefined;
  const said = (value: number | undefined, format: (value: number) => string) =>
    value === undefined ? 'nothing now' : format(value);
  const first = time[0];
  return (
    <section>
      <div class="plots">
        <LinePlot
          title="Rate"
          least={10}
          now={said(last(seen.rate), perSecond)}
          time={time}
          lines={[{ title: 'records/s', colour: 'good', values: seen.rate }]}
          format={rate}
        />
        <LinePlot
          title="Lag"
          least={10}
          now={said(last(seen.lag), (value) => `${compact(value)} records`)}
          time={time}
          lines={[{ title: 'records', colour: 'warning', values: seen.lag }]}
          format={compact}
        />
        <LinePlot
          title="Lag in time"
          least={5}
          now={said(last(seen.behind), seconds)}
          time={time}
          lines={[{ title: 'oldest record', colour: 'warning', values: seen.behind }]}
          format={seconds}
        />
        <LinePlot
          title="Batch latency"
          least={20}
          now={said(last(seen.p99), (value) => `p99 ${milliseconds(value)}`)}
          time={time}
          lines={[
            { title: 'p50', colour: 'good', values: seen.p50 },
            { title: 'p95', colour: 'busy', values: seen.p95 },
            { title: 'p99', colour: 'bad', values: seen.p99 },
          ]}
          format={milliseconds}
        />
        <LinePlot
          title="Memory"
          least={2 ** 20}
          now={said(last(seen.memory), bytes)}
          time={time}
          lines={[{ title: 'resident', colour: 'busy', values: seen.memory }]}
          format={bytes}
        />
      </div>
      <small>
        {first === undefined
          ? 'Nothing was measured yet.'
          : `What this tab has seen: the last ${span(Date.now() - first * 1_000)}.`}
      </small>
    </section>
  );
}

function perSecond(value: number): string {
  return `${rate(value)} records/s`;
}

function seconds(value: number): string {
  return value > 0 && value < 10 ? `${value.toFixed(1)} s` : span(value * 1_000);
}

function milliseconds(value: number): string {
  return value < 1_000 ? `${Math.round(value)} ms` : seconds(value / 1_000);
}
