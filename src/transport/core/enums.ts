import { LogLevel as ProtoLogLevel } from '../../../gen/ts/predictd/v1/admin_service_pb.js';
import { Severity } from '../../../gen/ts/predictd/v1/execution_pb.js';
import { LogSource as ProtoLogSource } from '../../../gen/ts/predictd/v1/execution_service_pb.js';
import { State as ProtoState } from '../../../gen/ts/predictd/v1/state_pb.js';
import {
  BadRecordPolicy,
  ConditionStatus,
  DesiredState,
  Format,
  Guarantee,
  ModelUpdateState,
  ModelUse as ProtoModelUse,
  SaslMechanism,
  StartFrom,
  Until,
} from '../../../gen/ts/predictd/v1/task_pb.js';
import { WhenFull } from '../../../gen/ts/predictd/v1/task_service_pb.js';
import { Role as ProtoRole } from '../../../gen/ts/predictd/v1/user_service_pb.js';
import type { Event } from '../../domain/event.js';
import type { Condition } from '../../domain/execution.js';
import type { LogSource } from '../../domain/execution-log.js';
import type { LogLevel } from '../../domain/log-level.js';
import type { StartRequest } from '../../domain/ports.js';
import type { ModelUpdate, ModelUse } from '../../domain/scoring.js';
import type { State } from '../../domain/state.js';
import type { Sasl, Source, Task, TaskSpec } from '../../domain/task.js';
import type { Role } from '../../domain/user.js';

/** Turns the values of one closed set into those of the other, both ways. */
export interface EnumCodec<Name extends string, Value extends number> {
  toProto(name: Name): Value;
  /** Undefined if unspecified; a number that this version does not know reads as its digits. */
  fromProto(value: number): string | undefined;
}

export const stateCodec = codec<State>()(ProtoState);
export const severityCodec = codec<Event['severity']>()(Severity);
export const logLevelCodec = codec<Uppercase<LogLevel>>()(ProtoLogLevel);
export const logSourceCodec = codec<LogSource>()(ProtoLogSource);
export const desiredCodec = codec<Task['desired']>()(DesiredState);
export const conditionCodec = codec<Condition['status']>()(ConditionStatus);
export const formatCodec = codec<Source['format']>()(Format);
export const startFromCodec = codec<Source['startFrom']>()(StartFrom);
export const mechanismCodec = codec<Sasl['mechanism']>()(SaslMechanism);
export const untilCodec = codec<TaskSpec['until']>()(Until);
export const guaranteeCodec = codec<TaskSpec['guarantee']>()(Guarantee);
export const badRecordCodec = codec<TaskSpec['onBadRecord']>()(BadRecordPolicy);
export const modelUseCodec = codec<ModelUse>()(ProtoModelUse);
export const modelUpdateCodec = codec<ModelUpdate['state']>()(ModelUpdateState);
export const whenFullCodec = codec<StartRequest['whenFull']>()(WhenFull);
export const roleCodec = codec<Role>()(ProtoRole);

type Values = Readonly<Record<string, number>> & { readonly UNSPECIFIED: 0 };
type Named<Enum extends Values> = Exclude<keyof Enum, 'UNSPECIFIED'>;

/** Compiles only while both sets have the same names. */
type SameNames<Name, Enum extends Values> = [Name] extends [Named<Enum>]
  ? [Named<Enum>] extends [Name]
    ? Enum
    : never
  : never;

function codec<Name extends string>() {
  return <Enum extends Values>(
    values: Enum & SameNames<Name, Enum>,
  ): EnumCodec<Name, Enum[Name]> => {
    const byValue = new Map(Object.entries(values).map(([name, value]) => [value, name]));
    return {
      toProto: (name) => values[name],
      fromProto: (value) => (value === 0 ? undefined : (byValue.get(value) ?? String(value))),
    };
  };
}
