import { useSignal } from '@preact/signals';
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';
import {
  type LogLine,
  LogSource,
  LogSourceSchema,
} from '../../../gen/ts/predictd/v1/execution_service_pb.js';
import type { Task } from '../../../gen/ts/predictd/v1/task_pb.js';
import { tailLog } from '../api/log.js';
import { instant, lastPart, moment, word } from '../words.js';
import { severityTone } from './event-table.js';

/** The log of the newest execution, as it is written. It stays at the end unless it is scrolled up. */
export function LogTail({ task }: { readonly task: Task }) {
  const execution = task.status?.execution ?? '';
  const lines = useSignal<readonly LogLine[]>([]);
  const said = useSignal('');
  const box = useRef<HTMLDivElement>(null);
  const isAtEnd = useRef(true);
  useEffect(() => {
    lines.value = [];
    if (execution === '') return undefined;
    return tailLog(execution, {
      onLines(all) {
        lines.value = all;
      },
      onState(text) {
        said.value = text;
      },
    });
  }, [execution, lines, said]);
  useLayoutEffect(() => {
    const element = box.current;
    if (element && isAtEnd.current) element.scrollTop = element.scrollHeight;
  }, [lines.value]);
  if (execution === '') return <p class="nothing">It never ran.</p>;
  return (
    <section class="log">
      <p class="tools">
        Execution {lastPart(execution)}. {said.value}
      </p>
      <div
        class="lines"
        ref={box}
        role="log"
        aria-label="Log"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls is reached by the keyboard.
        tabIndex={0}
        onScroll={({ currentTarget: { scrollTop, clientHeight, scrollHeight } }) => {
          isAtEnd.current = scrollTop + clientHeight > scrollHeight - 20;
        }}
      >
        {lines.value.map((line) => (
          <p key={String(line.number)} class={`tone-${severityTone(line.severity)}`}>
            <time dateTime={instant(line.time)}>{moment(line.time)}</time>{' '}
            <span class="source">{sourceOf(line)}</span> {line.reason && <b>{line.reason} </b>}
            {line.message}
          </p>
        ))}
      </div>
    </section>
  );
}

function sourceOf({ source, epoch }: LogLine): string {
  const name = word(LogSourceSchema, source).toLowerCase();
  const isRunner = source !== LogSource.SUPERVISOR && epoch > 0n;
  return isRunner ? `${name}/${epoch}` : name;
}
