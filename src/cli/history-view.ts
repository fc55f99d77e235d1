import {
  EventSchema,
  ExecutionSchema,
  Severity,
  SeveritySchema,
} from '../../gen/ts/predictd/v1/execution_pb.js';
import type { View } from './output.js';
import { lastPart } from './resource-name.js';
import type { Tone } from './table.js';
import {
  age,
  countersLine,
  instant,
  instantAndAge,
  partitionsLine,
  reasonWord,
  shareDone,
  stateTone,
  stateWord,
  word,
} from './wording.js';

/** How people see an execution. */
export const executionView: View<typeof ExecutionSchema> = {
  schema: ExecutionSchema,
  name: (execution) => execution.name,
  columns: (now) => [
    { title: 'NUMBER', right: true, text: ({ number }) => String(number) },
    {
      title: 'STATE',
      text: ({ state }) => stateWord(state),
      tone: ({ state }) => stateTone(state),
    },
    { title: 'DONE', right: true, text: (it) => shareDone(it) },
    { title: 'IN', right: true, text: ({ counters }) => String(counters?.recordsIn ?? 0) },
    { title: 'OUT', right: true, text: ({ counters }) => String(counters?.recordsOut ?? 0) },
    {
      title: 'DEAD-LETTERED',
      right: true,
      text: ({ counters }) => String(counters?.recordsDeadLettered ?? 0),
    },
    { title: 'RESTARTS', right: true, text: ({ restartCount }) => String(restartCount) },
    { title: 'STARTED', text: ({ startTime }) => instant(startTime) },
    { title: 'ENDED', text: ({ endTime }) => instant(endTime) },
    { title: 'AGE', right: true, text: ({ createTime }) => age(createTime, now) },
    { title: 'REASON', text: reasonWord },
  ],
  pairs: (it, now) => [
    ['Name', it.name],
    ['Id', `${it.id} (${it.uid})`],
    ['State', [stateWord(it.state), reasonWord(it)].filter(Boolean).join(', ')],
    ['Message', it.message],
    ['Asked for', instantAndAge(it.createTime, now)],
    ['By', it.actor],
    ['Started', instantAndAge(it.startTime, now)],
    ['Ended', instantAndAge(it.endTime, now)],
    ['Done', shareDone(it)],
    ['Records', countersLine(it.counters)],
    ['Lag', String(it.lag)],
    ['Partitions', partitionsLine(it.partitions)],
    ['Restarts', String(it.restartCount)],
    ['Last ended', it.lastTermination?.message ?? ''],
    ['Last error', it.lastError],
    ['Generation', String(it.generation)],
  ],
};

/** How people see a line of history. */
export const eventView: View<typeof EventSchema> = {
  schema: EventSchema,
  name: ({ task, number }) => `${task}/events/${number}`,
  columns: () => [
    { title: 'TIME', text: ({ time }) => instant(time) },
    {
      title: 'SEVERITY',
      text: ({ severity }) => word(SeveritySchema, severity),
      tone: ({ severity }) => tones[severity] ?? 'plain',
    },
    { title: 'EXECUTION', right: true, text: ({ execution }) => lastPart(execution) },
    { title: 'STATE', text: ({ toState }) => (toState === 0 ? '' : stateWord(toState)) },
    { title: 'REASON', text: ({ reason }) => reason },
    { title: 'BY', text: ({ actor }) => lastPart(actor) },
    { title: 'MESSAGE', text: ({ message }) => message },
  ],
  pairs: ({ message }) => [['Message', message]],
};

const tones: Readonly<Record<number, Tone>> = {
  [Severity.WARNING]: 'warning',
  [Severity.ERROR]: 'bad',
};
