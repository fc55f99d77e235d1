import { create, type JsonObject, type JsonValue } from '@bufbuild/protobuf';
import type { Command } from 'commander';
import {
  ListModelsResponseSchema,
  PredictResponseSchema,
} from '../../gen/ts/predictd/v1/model_service_pb.js';
import { confirm } from './confirm.js';
import { CommandError, exitCode } from './exit-code.js';
import { callsService, type Shell } from './invocation.js';
import { uploadModel } from './model-upload.js';
import { modelView } from './model-view.js';
import { printJson, printList, printOne, type Sink, toJson } from './output.js';
import { allPages, pageSize } from './pages.js';
import { readInput } from './read-input.js';
import { resourceName } from './resource-name.js';
import { parseRows } from './rows.js';
import { renderTable } from './table.js';

/** Adds `models upload`, `list`, `get`, `delete` and `predict`. */
export function addModelCommands(models: Command, shell: Shell): void {
  addUpload(models, shell);
  addList(models, shell);
  addGet(models, shell);
  addDelete(models, shell);
  addPredict(models, shell);
}

function addUpload(models: Command, shell: Shell): void {
  const command = models
    .command('upload <name> <file>')
    .summary('upload an ONNX file')
    .description(
      'Uploads an ONNX file. The service loads it and runs it once before it accepts it. Models do\n' +
        'not change: the same bytes again are no error, other bytes under the name are refused.',
    )
    .addHelpText(
      'after',
      '\nExample:\n  predictd models upload iris iris.onnx\n\n' +
        'A classifier of scikit-learn is converted with its outputs as tensors:\n' +
        "  to_onnx(model, X[:1].astype('float32'), options={'zipmap': False})",
    );
  callsService(shell, command, {
    action: ([name]) => `upload model ${name}`,
    run: async (invocation, [typed = '', file = '']) => {
      const name = resourceName(invocation.owner, 'models', typed);
      const model = await uploadModel(invocation, name, file);
      printOne(invocation.sink, modelView, model);
      invocation.say(`the service has ${typed} (sha256 ${model.sha256.slice(0, 12)})`);
      return exitCode.ok;
    },
  });
}

function addList(models: Command, shell: Shell): void {
  const command = models
    .command('list')
    .summary('list models')
    .addHelpText('after', '\nExample:\n  predictd models list -o json | jq .models');
  callsService(shell, command, {
    action: () => 'list models',
    run: async ({ owner, service, call, sink, say }) => {
      const items = await allPages(
        (pageToken) => service.models.listModels({ parent: owner, pageSize, pageToken }, call),
        (page) => page.models,
      );
      const whole = create(ListModelsResponseSchema, { models: items });
      printList(sink, modelView, { items, schema: ListModelsResponseSchema, whole });
      if (items.length === 0) say('no models; upload one with: predictd models upload NAME FILE');
      return exitCode.ok;
    },
  });
}

function addGet(models: Command, shell: Shell): void {
  const command = models
    .command('get <name>')
    .summary("show a model's inputs and outputs")
    .addHelpText('after', '\nExample:\n  predictd models get iris');
  callsService(shell, command, {
    action: ([name]) => `get model ${name}`,
    run: async ({ owner, service, call, sink }, [typed = '']) => {
      const name = resourceName(owner, 'models', typed);
      printOne(sink, modelView, await service.models.getModel({ name }, call), 'pairs');
      return exitCode.ok;
    },
  });
}

function addDelete(models: Command, shell: Shell): void {
  const command = models
    .command('delete <name>')
    .summary('delete a model that no task uses')
    .description('Deletes a model. On a terminal it asks first. A script is not asked.')
    .option('-y, --yes', 'do not ask')
    .option('--force', 'also if tasks could roll back to it')
    .addHelpText('after', '\nExample:\n  predictd models delete iris --yes');
  callsService<{ yes?: boolean; force?: boolean }>(shell, command, {
    action: ([name]) => `delete model ${name}`,
    run: async ({ owner, service, call, sink, say, terminal }, [typed = ''], options) => {
      const { yes, force = false } = options;
      const name = resourceName(owner, 'models', typed);
      if (!yes && !(await confirm(terminal, `Delete model ${typed}?`))) {
        throw new CommandError('not confirmed', { exitCode: exitCode.failed });
      }
      await service.models.deleteModel({ name, force }, call);
      if (sink.format === 'name') sink.stdout.write(`${name}\n`);
      else if (sink.format !== 'table') printJson(sink, {});
      say(`deleted ${typed}`);
      return exitCode.ok;
    },
  });
}

interface PredictOptions {
  readonly file: string;
  readonly features?: string;
  readonly input: readonly string[];
}

function addPredict(models: Command, shell: Shell): void {
  const command = models
    .command('predict <name>')
    .summary('score a few rows by hand')
    .description('Scores rows: a JSON array of objects, or one JSON object a line.')
    .option('-f, --file <file>', 'the rows; - is stdin', '-')
    .option(
      '--features <names>',
      "the row's fields in the order of the tensor's columns, with commas",
    )
    .option('--input <model-input=field>', 'field of a model input; repeatable', collect, [])
    .addHelpText(
      'after',
      '\nExamples:\n' +
        '  echo \'{"features": [5.1, 3.5, 1.4, 0.2]}\' | predictd models predict iris\n' +
        '  predictd models predict iris -f rows.jsonl --features sepal_length,sepal_width -o jsonl',
    );
  callsService<PredictOptions>(shell, command, {
    action: ([name]) => `predict with model ${name}`,
    run: async ({ owner, service, call, sink, terminal }, [typed = ''], options) => {
      const name = resourceName(owner, 'models', typed);
      const features = options.features?.split(',').map((it) => it.trim()) ?? [];
      const inputs = Object.fromEntries(options.input.map(inputPair));
      const text = await readInput(terminal, options.file, ROWS_BYTES_MAX);
      const rows = parseRows(text, options.file === '-' ? 'stdin' : options.file);
      const predictions: JsonObject[] = [];
      for (let at = 0; at < rows.length; at += ROWS_A_CALL) {
        const some = rows.slice(at, at + ROWS_A_CALL);
        const request = { name, rows: some, features, inputs };
        predictions.push(...(await service.models.predict(request, call)).predictions);
      }
      printPredictions(sink, predictions);
      return exitCode.ok;
    },
  });
}

/** Rows by hand; whoever has more uses a task. */
const ROWS_BYTES_MAX = 16 * 1024 * 1024;
/** What one call takes. */
const ROWS_A_CALL = 1_000;

function collect(value: string, before: readonly string[]): readonly string[] {
  return [...before, value];
}

function inputPair(text: string): readonly [string, string] {
  const at = text.indexOf('=');
  if (at > 0 && at < text.length - 1) return [text.slice(0, at), text.slice(at + 1)];
  throw new CommandError(`--input: ${JSON.stringify(text)} is not MODEL-INPUT=FIELD`);
}

function printPredictions(sink: Sink, predictions: readonly JsonObject[]): void {
  if (sink.format === 'table') {
    const names = [...new Set(predictions.flatMap((prediction) => Object.keys(prediction)))];
    const columns = names.map((name) => ({
      title: name,
      text: (row: JsonObject) => show(row[name]),
    }));
    sink.stdout.write(renderTable(columns, predictions, false));
  } else if (sink.format === 'jsonl') {
    for (const prediction of predictions) printJson(sink, prediction);
  } else {
    const response = create(PredictResponseSchema, { predictions: [...predictions] });
    printJson(sink, toJson(PredictResponseSchema, response));
  }
}

function show(value: JsonValue | undefined): string {
  if (value === undefined) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
}
