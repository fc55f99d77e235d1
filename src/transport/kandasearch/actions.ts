import { createReadStream } from 'node:fs';
import type { JsonObject } from '@bufbuild/protobuf';
import type { Caller } from '../../domain/user.js';
import type { Service } from '../../service/create-service.js';
import type { RunKey, SingleRun } from '../../service/single-run.js';
import { parseJsonBody } from '../rest/http/json-text.js';
import type { ActionForm, ReceivedFile } from './action-form.js';
import { isObject, Params } from './params.js';
import { parseFailure } from './parse-failure.js';
import { specFromParams } from './spec-params.js';

/** A command on a task, ready to be carried out. */
export interface Command {
  readonly key: RunKey;
  readonly form: Pick<ActionForm, 'data' | 'files'>;
  /** When aborted, nobody waits for the answer any more. */
  readonly signal: AbortSignal;
}

/** What came of a command. */
export interface Outcome {
  readonly run: SingleRun;
  /** Id of the execution, if the command started it. */
  readonly startedId?: number | undefined;
}

/** Carries out a command. Anything about it that cannot be read begins with the documented `command parse failed`. */
export async function runCommand(
  service: Service,
  caller: Caller,
  command: Command,
): Promise<Outcome> {
  const { name, params } = parseAction(command.form.data);
  const action = Object.hasOwn(actions, name) ? actions[name as keyof typeof actions] : undefined;
  if (!action) throw parseFailure(`the actions are ${Object.keys(actions).join(', ')}`);
  const { files } = command.form;
  if (!action.takesFiles && files.length > 0) throw parseFailure(`"${name}" takes no files`);
  const run = await action.run({ service, caller, ...command, files, params: new Params(params) });
  return { run, startedId: name === 'start' ? run.execution?.id : undefined };
}

interface Call extends Command {
  readonly service: Service;
  readonly caller: Caller;
  readonly files: readonly ReceivedFile[];
  readonly params: Params;
}

interface Action {
  readonly takesFiles: boolean;
  run(call: Call): Promise<SingleRun>;
}

const actions = {
  start: {
    takesFiles: false,
    async run({ service, caller, key, params }) {
      const whenFull = params.text('whenFull');
      params.end();
      return service.startSingleRun(caller, { ...key, whenFull });
    },
  },
  abort: {
    takesFiles: false,
    async run({ service, caller, key, params, signal }) {
      const force = params.flag('force') ?? false;
      params.end();
      return service.abortSingleRun(caller, { ...key, force, signal });
    },
  },
  configure: {
    takesFiles: false,
    run: async ({ service, caller, key, params }) =>
      service.configureSingleRun(caller, { ...key, spec: specFromParams(params.all()) }),
  },
  'load-model': {
    takesFiles: true,
    async run({ service, caller, key, params, files }) {
      const [file, ...more] = files;
      if (!file || more.length > 0) throw parseFailure('"load-model" takes one part "file"');
      const name = params.text('name');
      const features = params.texts('features');
      const inputs = params.textMap('inputs');
      params.end();
      const chunks = createReadStream(file.path);
      const { sha256 } = file;
      const request = { ...key, name, features, inputs, sha256, chunks };
      try {
        return await service.loadModelForSingleRun(caller, request);
      } finally {
        chunks.destroy();
      }
    },
  },
  predict: {
    takesFiles: true,
    async run({ service, caller, key, params, files }) {
      if (files.length === 0) throw parseFailure('"predict" takes one part "file" or more');
      params.end();
      const paths = files.map(({ path }) => path);
      return service.scoreFilesForSingleRun(caller, { ...key, files: paths });
    },
  },
} as const satisfies Readonly<Record<string, Action>>;

/** No documented action nests deeper than a spec does. */
const depthMax = 32;

/** Reads `{"data":{"action":NAME,"params":{…}}}`. */
function parseAction(text: string | undefined): {
  readonly name: string;
  readonly params: JsonObject;
} {
  if (text === undefined) throw parseFailure();
  const { data } = asObject(parseJson(text));
  const { action, params = {}, ...more } = asObject(data);
  if (typeof action !== 'string') throw parseFailure();
  if (Object.keys(more).length > 0) throw parseFailure('an action has "action" and "params"');
  return { name: action, params: asObject(params) };
}

function parseJson(text: string): unknown {
  try {
    return parseJsonBody(Buffer.from(text), depthMax);
  } catch (error) {
    throw parseFailure(undefined, error);
  }
}

function asObject(value: unknown): JsonObject {
  if (isObject(value)) return value;
  throw parseFailure();
}
