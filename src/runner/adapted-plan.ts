import type { Plan, TopicPlan } from './thread-messages.js';
import { type TopicLimits, withStricterTimes } from './topic-limits.js';

const LEAST_BATCH_BYTES = 1024;

/** Not a fault: the loops must begin again with another plan. */
export class PlanAdaptedError extends Error {
  override readonly name = 'PlanAdaptedError';
}

/** A plan, and why it is another one. */
export interface AdaptedPlan {
  readonly plan: Plan;
  readonly because: string;
}

/** The plan after a broker refused a batch with this error; undefined if no other plan would do. */
export function adaptedPlan(plan: Plan, error: string): AdaptedPlan | undefined {
  if (error === 'MESSAGE_TOO_LARGE' || error === 'RECORD_LIST_TOO_LARGE') {
    const adapted = adapt(plan, halved);
    const because = 'A batch was too large for the broker; they are halved from now on.';
    return adapted && { plan: adapted, because };
  }
  if (error === 'INVALID_TIMESTAMP') {
    const adapted = adapt(plan, stricter);
    const because = 'A broker refused the time of a record; the limits are stricter from now on.';
    return adapted && { plan: adapted, because };
  }
  return undefined;
}

type Change = (topic: TopicPlan) => TopicPlan | undefined;

/** Which of the topics refused it is not said. */
function adapt(plan: Plan, change: Change): Plan | undefined {
  const sink = change(plan.sink);
  const deadLetter = plan.deadLetter && change(plan.deadLetter);
  if (!sink && !deadLetter) return undefined;
  return { ...plan, ...(sink ? { sink } : {}), ...(deadLetter ? { deadLetter } : {}) };
}

function halved(topic: TopicPlan): TopicPlan | undefined {
  if (topic.maxBatchBytes <= LEAST_BATCH_BYTES) return undefined;
  return { ...topic, maxBatchBytes: Math.max(LEAST_BATCH_BYTES, topic.maxBatchBytes >> 1) };
}

function stricter(topic: TopicPlan): TopicPlan | undefined {
  const limits: TopicLimits | undefined = withStricterTimes(topic.limits);
  return limits && { ...topic, limits };
}
