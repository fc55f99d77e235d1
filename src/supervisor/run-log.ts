import type { Event } from '../domain/event.js';
import type { Execution } from '../domain/execution.js';
import type { ExecutionLogs, LogSource } from '../domain/execution-log.js';
import { limits } from '../domain/limits.js';
import type { Clock } from '../domain/ports.js';
import { createRedactor } from '../domain/redact.js';
import { type Task, type TaskSpec, taskResourceName } from '../domain/task.js';

/** A line that a runner printed. */
export interface PrintedLine {
  readonly epoch: number;
  readonly stream: 'STDOUT' | 'STDERR';
  readonly text: string;
}

/** What a line of the service's own log is about. */
export function placeOf(task: Task | undefined, execution?: Execution): object {
  if (!task) return {};
  const number = execution && { execution: execution.number };
  return { task: taskResourceName(task), user: task.user, ...number };
}

type Logged = Pick<Execution, 'uid' | 'spec'>;

/** Keeps what is printed, said and decided about executions in their logs, without the secrets of their specs. */
export class RunLog {
  readonly #logs: Pick<ExecutionLogs, 'append'>;
  readonly #clock: Clock;
  readonly #redactors = new WeakMap<TaskSpec, (text: string) => string>();

  constructor(logs: Pick<ExecutionLogs, 'append'>, clock: Clock) {
    this.#logs = logs;
    this.#clock = clock;
  }

  /** Keeps a line, and answers it as it may be shown. */
  printed(execution: Logged, { epoch, stream, text }: PrintedLine): string {
    const message = this.#harmless(execution.spec, text);
    const severity = stream === 'STDERR' ? 'WARNING' : 'INFO';
    const at = this.#clock.now();
    this.#logs.append(execution.uid, { at, epoch, source: stream, severity, reason: '', message });
    return message;
  }

  /** Keeps a line of the task's history that is about this execution. */
  happened(execution: Logged, { at, epoch, actor, severity, reason, message }: Event): void {
    const source: LogSource = actor === 'runner' ? 'RUNNER' : 'SUPERVISOR';
    const text = this.#harmless(execution.spec, message);
    this.#logs.append(execution.uid, { at, epoch, source, severity, reason, message: text });
  }

  #harmless(spec: TaskSpec, text: string): string {
    let redact = this.#redactors.get(spec);
    if (!redact) {
      redact = createRedactor(spec);
      this.#redactors.set(spec, redact);
    }
    // Masked before it is cut, or a secret at the cut would show its beginning.
    return redact(text).slice(0, limits.logLineCharsMax);
  }
}
