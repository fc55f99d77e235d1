import type { Span } from '@opentelemetry/api';
import type { Execution } from '../domain/execution.js';
import type { Measured } from '../domain/measures.js';
import { type Task, taskResourceName } from '../domain/task.js';
import type { RunnerMeasures } from './runner-measures.js';
import { activeTracer, beginSpan, failSpan, INTERNAL, traceparentOf } from './tracing.js';

/** What is heard of a runner here; there is more that it says. */
interface Heard {
  readonly type: string;
  readonly measured?: Measured;
}

/** Looks on as runners begin, measure and end. */
export class RunnerWatch {
  readonly #measures: RunnerMeasures;
  /** By task, of runners that are not ready yet. */
  readonly #starting = new Map<number, Span>();

  constructor(measures: RunnerMeasures) {
    this.#measures = measures;
  }

  /** A runner begins; answers where its own spans belong. */
  begin(task: Task, execution: Execution, epoch: number): { readonly traceparent?: string } {
    this.#measures.begin(task.id);
    const tracer = activeTracer();
    if (!tracer) return {};
    const attributes = {
      'predictd.task': taskResourceName(task),
      'predictd.execution': execution.number,
      'predictd.epoch': epoch,
    };
    const span = beginSpan(tracer, { name: 'start runner', kind: INTERNAL, attributes });
    this.#starting.set(task.id, span);
    const traceparent = traceparentOf(span);
    return traceparent === undefined ? {} : { traceparent };
  }

  hear(taskId: number, message: Heard): void {
    if (message.measured) this.#measures.hear(taskId, message.measured);
    if (message.type !== 'ready') return;
    this.#starting.get(taskId)?.end();
    this.#starting.delete(taskId);
  }

  /** The process is gone. */
  exited(taskId: number): void {
    const span = this.#starting.get(taskId);
    if (span) failSpan(span, 'it ended before it was ready');
    this.#starting.delete(taskId);
  }
}
