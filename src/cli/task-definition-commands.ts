import { create, type JsonValue } from '@bufbuild/protobuf';
import type { Command } from 'commander';
import { TaskSchema } from '../../gen/ts/predictd/v1/task_pb.js';
import {
  type ValidateTaskResponse,
  ValidateTaskResponseSchema,
} from '../../gen/ts/predictd/v1/task_service_pb.js';
import { exitCode } from './exit-code.js';
import { callsService, type Invocation, type Shell } from './invocation.js';
import { printJson, printOne, toJson } from './output.js';
import { readFlag } from './read-flag.js';
import { readInput } from './read-input.js';
import { lastPart, parentOf, resourceName } from './resource-name.js';
import { wholeNumber } from './setting.js';
import { renderTable } from './table.js';
import { parseTaskFile, type TaskFile, taskFileBytesMax } from './task-file.js';
import { taskView } from './task-view.js';

interface FileOption {
  readonly file: string;
}

/** Adds `tasks create`, `update` and `validate`: what reads a task file. */
export function addTaskDefinitionCommands(tasks: Command, shell: Shell): void {
  addCreate(tasks, shell);
  addUpdate(tasks, shell);
  addValidate(tasks, shell);
}

function addCreate(tasks: Command, shell: Shell): void {
  const command = tasks
    .command('create <name>')
    .summary('define a task')
    .description('Defines a task from a file. It does not start it.')
    .requiredOption('-f, --file <file>', 'the definition, YAML or JSON; - is stdin')
    .option('--force', 'replace a task of the same name; a running one is stopped first')
    .addHelpText('after', createHelp);
  callsService<FileOption & { force?: boolean }>(shell, command, {
    action: ([name]) => `create task ${name}`,
    run: async (invocation, [typed = ''], { file, force = false }) => {
      const name = resourceName(invocation.owner, 'tasks', typed);
      const { task } = await readTaskFile(invocation, file);
      const request = { parent: parentOf(name), taskId: lastPart(name), task, force };
      const created = await invocation.service.tasks.createTask(request, invocation.call);
      printOne(invocation.sink, taskView, created);
      invocation.say(`created; start it with: predictd tasks start ${typed}`);
      return exitCode.ok;
    },
  });
}

function addUpdate(tasks: Command, shell: Shell): void {
  const command = tasks
    .command('update <name>')
    .summary('change a definition')
    .description(
      'Replaces what stands in the file: the whole spec, the labels, the display name. What the\n' +
        'file leaves out stays. With an etag in the file, only if the task is still the one read.\n' +
        'A running execution keeps the spec that it began with.',
    )
    .requiredOption('-f, --file <file>', 'the definition, YAML or JSON; - is stdin')
    .addHelpText(
      'after',
      '\nExamples:\n' +
        '  predictd tasks update iris -f iris.yaml\n' +
        '  predictd tasks get iris -o yaml | sed s/4000/8000/ | predictd tasks update iris -f -',
    );
  callsService<FileOption>(shell, command, {
    action: ([name]) => `update task ${name}`,
    run: async (invocation, [typed = ''], { file }) => {
      const name = resourceName(invocation.owner, 'tasks', typed);
      const { task, fields } = await readTaskFile(invocation, file, 'part');
      const request = {
        task: create(TaskSchema, { ...task, name }),
        updateMask: { paths: [...fields] },
      };
      const updated = await invocation.service.tasks.updateTask(request, invocation.call);
      printOne(invocation.sink, taskView, updated);
      invocation.say('updated');
      return exitCode.ok;
    },
  });
}

function addValidate(tasks: Command, shell: Shell): void {
  const command = tasks
    .command('validate')
    .summary('check a definition, or try it out')
    .description(
      'Tells what is wrong with a definition. With --dry-run it also connects, reads records, scores\n' +
        'them and shows what would be written, and writes nothing. Exit code 1 if something is wrong.',
    )
    .requiredOption('-f, --file <file>', 'the definition, YAML or JSON; - is stdin')
    .option('--dry-run <n>', 'records to read and score, at most 100')
    .addHelpText(
      'after',
      '\nExamples:\n' +
        '  predictd tasks validate -f iris.yaml\n' +
        '  predictd tasks validate -f iris.yaml --dry-run 5 -o jsonl',
    );
  callsService<FileOption & { dryRun?: string }>(shell, command, {
    action: () => 'validate the task',
    run: async (invocation, _args, { file, dryRun = '0' }) => {
      const dryRunRecords = readFlag('--dry-run', dryRun, wholeNumber(0, 100));
      const { task } = await readTaskFile(invocation, file);
      const request = { parent: invocation.owner, task, dryRunRecords };
      const answer = await invocation.service.tasks.validateTask(request, invocation.call);
      printValidation(invocation, answer);
      return answer.valid ? exitCode.ok : exitCode.failed;
    },
  });
}

async function readTaskFile(
  invocation: Invocation,
  file: string,
  needs: 'whole' | 'part' = 'whole',
): Promise<TaskFile> {
  const text = await readInput(invocation.terminal, file, taskFileBytesMax);
  const parsed = parseTaskFile(text, file === '-' ? 'stdin' : file, needs);
  if (parsed.ignored.length > 0) {
    invocation.say(`left out what only the service sets: ${parsed.ignored.join(', ')}`);
  }
  return parsed;
}

function printValidation({ sink, say }: Invocation, answer: ValidateTaskResponse): void {
  const { faults, records, valid } = answer;
  if (sink.format !== 'table') {
    printJson(sink, toJson(ValidateTaskResponseSchema, answer));
    return;
  }
  if (faults.length > 0) {
    sink.stdout.write(
      renderTable(
        [
          { title: 'FIELD', text: ({ field }) => field },
          { title: 'REASON', text: ({ reason }) => reason },
          { title: 'WHAT TO DO', text: ({ description }) => description },
        ],
        faults,
        false,
      ),
    );
  }
  if (records.length > 0) {
    sink.stdout.write(
      renderTable(
        [
          { title: 'PARTITION', right: true, text: ({ partition }) => String(partition) },
          { title: 'OFFSET', right: true, text: ({ offset }) => String(offset) },
          { title: 'KEY', text: ({ key }) => key },
          { title: 'INPUT', text: ({ input }) => cut(input) },
          { title: 'OUTPUT', text: ({ output, error }) => cut(error || text(output)) },
        ],
        records,
        false,
      ),
    );
  }
  const bad = records.filter(({ error }) => error !== '').length;
  const scored = bad === 0 ? '' : `, but ${bad} of ${records.length} records cannot be scored`;
  say(valid ? `the definition is valid${scored}` : 'the definition is not valid');
}

function text(output: JsonValue | undefined): string {
  return output === undefined ? '' : JSON.stringify(output);
}

function cut(value: string): string {
  return value.length > 60 ? `${value.slice(0, 59)}…` : value;
}

const createHelp = `
Examples:
  predictd tasks create iris -f iris.yaml
  predictd tasks create iris -f iris.yaml --force
  generate-task | predictd tasks create iris -f -

A task file:
  spec:
    source: {topic: iris-in, format: JSON, startFrom: EARLIEST}
    sink: {topic: iris-out, format: JSON}
    predictor: {onnx: {model: iris, features: [sepal_length, sepal_width]}}
    until: END                  # or STOPPED
    guarantee: EXACTLY_ONCE     # or AT_LEAST_ONCE
    parallelism: 1
    batch: {maxRecords: 4000, maxWait: 0.05s}
    onBadRecord: DEAD_LETTER    # or SKIP, FAIL`;
