import { fromJson, getOption, type JsonObject, type JsonValue } from '@bufbuild/protobuf';
import { parseDocument } from 'yaml';
import { FieldBehavior, field_behavior } from '../../gen/ts/google/api/field_behavior_pb.js';
import { type Task, TaskSchema, TaskSpecSchema } from '../../gen/ts/predictd/v1/task_pb.js';
import { CommandError } from './exit-code.js';
import { type Fault, isObject, normalise } from './message-reader.js';

/** A task's definition as a file gives it. */
export interface TaskFile {
  readonly task: Task;
  /** Names of the definition's fields that stand in the file, as an update mask has them. */
  readonly fields: readonly string[];
  /** Fields of the file that only the service sets, and that were left out. */
  readonly ignored: readonly string[];
}

/** A definition is a page of text; the service takes no request above 4 MiB. */
export const taskFileBytesMax = 4 * 1024 * 1024;

/**
 * Reads a definition in YAML or JSON. Throws a usage error with every fault and its path. What
 * `tasks get -o yaml` wrote is a definition too. A part is enough for an update.
 */
export function parseTaskFile(
  text: string,
  file: string,
  needs: 'whole' | 'part' = 'whole',
): TaskFile {
  const content = parseText(text, file);
  const ignored = Object.keys(content).filter((key) => outputOnly.has(key));
  const definition = Object.fromEntries(
    Object.entries(content).filter(([key, value]) => !outputOnly.has(key) && value !== null),
  );
  const faults: Fault[] = [];
  const json = normalise(TaskSchema, definition, { path: '', faults });
  const all = [...misplaced(definition, faults), ...missing(definition, needs)];
  if (all.length > 0) throw faulty(file, all);
  return { task: message(json, file), fields: maskPaths(json), ignored };
}

/** What the service sets: an update or a new task cannot. */
const outputOnly: ReadonlySet<string> = new Set(
  TaskSchema.fields
    .filter((field) => {
      const behaviour = getOption(field, field_behavior);
      return (
        behaviour.includes(FieldBehavior.OUTPUT_ONLY) ||
        behaviour.includes(FieldBehavior.IDENTIFIER)
      );
    })
    .map((field) => field.jsonName),
);

function parseText(text: string, file: string): JsonObject {
  // JSON is YAML too, and YAML's faults come with their line.
  const document = parseDocument(text, { prettyErrors: true, uniqueKeys: true });
  const details = document.errors.map(({ message }) =>
    // Below the first line it shows the place in the text, which may be a password.
    (message.split('\n')[0] ?? '').replace(/:$/, ''),
  );
  if (details.length > 0) throw new CommandError(`${file} is neither YAML nor JSON:`, { details });
  const content: JsonValue = document.toJS({ maxAliasCount: 100 });
  if (isObject(content)) return content;
  throw new CommandError(`${file} holds no task`, {
    hint: 'write `spec:` and below it what the task does',
  });
}

function misplaced(definition: JsonObject, faults: readonly Fault[]): readonly Fault[] {
  const ofSpec = TaskSpecSchema.fields.map((field) => field.jsonName);
  return faults.map((fault) => {
    if (!ofSpec.includes(fault.path) || !(fault.path in definition)) return fault;
    return { path: fault.path, message: 'stands one level too high: indent it below spec' };
  });
}

function missing(definition: JsonObject, needs: 'whole' | 'part'): readonly Fault[] {
  const enough = needs === 'part' ? Object.keys(definition).length > 0 : 'spec' in definition;
  return enough ? [] : [{ path: 'spec', message: 'is required' }];
}

function message(json: JsonObject, file: string): Task {
  try {
    return fromJson(TaskSchema, json);
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    throw new CommandError(`${file} holds no task: ${text.replace(/^.*from JSON: /, '')}`);
  }
}

function faulty(file: string, faults: readonly Fault[]): CommandError {
  const details = faults.map(({ path, message }) => `${path}: ${message}`);
  const count = faults.length === 1 ? '1 fault' : `${faults.length} faults`;
  return new CommandError(`${file} has ${count}:`, { details });
}

function maskPaths(json: JsonObject): readonly string[] {
  return TaskSchema.fields
    .filter((field) => field.jsonName in json && field.name !== 'etag')
    .map((field) => field.name);
}
