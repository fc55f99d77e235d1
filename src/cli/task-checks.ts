import { create } from '@bufbuild/protobuf';
import { ConditionStatus, type Task, TaskSchema } from '../../gen/ts/predictd/v1/task_pb.js';
import { RoleSchema } from '../../gen/ts/predictd/v1/user_service_pb.js';
import { type Check, failed, ok, skipped, type Verdict, warning } from '../doctor/finding.js';
import type { Connection } from './connection.js';
import { lastPart, ownerName, parentOf, resourceName } from './resource-name.js';
import { isTroubled, whyLine } from './why.js';
import { stateWord, word } from './wording.js';

/** What the service says about the caller and, with a name, about a task. */
export function taskChecks(
  service: Connection,
  about: { readonly user: string | undefined; readonly task: string | undefined },
): readonly Check[] {
  const account: Check = {
    subject: 'account',
    hint: 'set PREDICTD_TOKEN, give --token-file FILE, or use a context that has one',
    look: async () => {
      const user = await service.users.getUser({ name: 'users/me' }, call);
      return ok(`${lastPart(user.name)}, ${word(RoleSchema, user.role).toLowerCase()}`);
    },
  };
  if (about.task === undefined) return [account];
  const owner = ownerName(about.user);
  const name = resourceName(owner, 'tasks', about.task);
  let asked: Promise<Task> | undefined;
  const task = () => {
    asked ??= service.tasks.getTask({ name }, call);
    return asked;
  };
  return [
    account,
    {
      subject: 'task',
      hint: 'predictd tasks list shows which there are',
      look: async () => state(await task()),
    },
    {
      subject: 'rehearsal',
      hint: 'see what the service says above',
      look: async () => {
        const found = await task().catch(() => undefined);
        return found ? rehearse(service, name, found) : skipped('there is no task to rehearse');
      },
    },
  ];
}

/** A dry run connects, which takes seconds at brokers that do not answer. */
const call = { timeoutMs: 30_000 };

function state({ name, status }: Task): Verdict {
  const said = stateWord(status?.state ?? 0);
  if (status && isTroubled(status)) {
    const detail = [said, whyLine(status)].filter((text) => text !== '').join(', ');
    return warning(detail, `what happened: predictd logs ${lastPart(name)}`);
  }
  const unmet = (status?.conditions ?? []).filter((it) => it.status === ConditionStatus.FALSE);
  return ok([said, ...unmet.map(({ type, reason }) => `not ${type} (${reason})`)].join(', '));
}

/** The service itself connects, finds model and topics, and scores one record, with the secrets that it keeps. */
async function rehearse(service: Connection, name: string, task: Task): Promise<Verdict> {
  const predictor = task.spec?.predictor?.kind.case ?? '';
  const dryRunRecords = predictor === 'onnx' ? 1 : 0;
  const draft = create(TaskSchema, { ...task, status: undefined });
  const { faults, records } = await service.tasks.validateTask(
    { parent: parentOf(name), task: draft, dryRunRecords },
    call,
  );
  if (faults.length > 0) {
    const [first] = faults;
    const all = faults.map(({ field, description }) => `${field}: ${description}`).join(' ');
    return failed(
      all,
      `change ${first?.field} with: predictd tasks update ${lastPart(name)} -f FILE`,
    );
  }
  if (dryRunRecords === 0)
    return skipped(`the definition is valid; a ${predictor} predictor is not rehearsed`);
  const [record] = records;
  if (record === undefined)
    return ok('model and topics are there; the source holds no record to score');
  if (record.error === '')
    return ok(
      `model and topics are there; partition ${record.partition}, offset ${record.offset} was scored`,
    );
  return warning(
    `partition ${record.partition}, offset ${record.offset} cannot be scored: ${record.error}`,
    `more of them: predictd tasks get ${lastPart(name)} -o yaml | predictd tasks validate -f - --dry-run 10`,
  );
}
