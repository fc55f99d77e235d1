import { type DescField, type DescMessage, ScalarType } from '@bufbuild/protobuf';
import { ExecutionService } from '../../gen/ts/predictd/v1/execution_service_pb.js';
import { ModelService } from '../../gen/ts/predictd/v1/model_service_pb.js';
import { TaskService } from '../../gen/ts/predictd/v1/task_service_pb.js';
import { UserService } from '../../gen/ts/predictd/v1/user_service_pb.js';

/** Where a call is sent as JSON, and what it takes. */
export interface ServiceMethod {
  readonly path: string;
  readonly input: DescMessage;
}

/** Every unary method of the core services. */
export function serviceMethods(): readonly ServiceMethod[] {
  const services = [TaskService, ExecutionService, ModelService, UserService];
  return services.flatMap(({ typeName, methods }) =>
    methods
      .filter(({ methodKind }) => methodKind === 'unary')
      // After these nobody could call any more.
      .filter(({ name }) => name !== 'DeleteUser' && name !== 'ResetCredentials')
      .map(({ name, input }) => ({ path: `/${typeName}/${name}`, input })),
  );
}

const depthMax = 6;

/** A request of the right shape, mostly, with values at the borders and beyond. */
export function randomRequest(message: DescMessage, random: () => number, depth = 0): unknown {
  if (random() < 0.02 || depth > depthMax) return pick(junk, random);
  const request: Record<string, unknown> = {};
  for (const field of message.fields) {
    if (random() < 0.4) continue;
    request[random() < 0.02 ? `${field.jsonName}x` : field.jsonName] = randomValue(
      field,
      random,
      depth,
    );
  }
  return request;
}

function randomValue(field: DescField, random: () => number, depth: number): unknown {
  if (random() < 0.05) return pick(junk, random);
  switch (field.fieldKind) {
    case 'message':
      return randomRequest(field.message, random, depth + 1);
    case 'enum':
      return pick([...field.enum.values.map(({ name }) => name), 'NO_SUCH', 99, -1], random);
    case 'list':
      return Array.from({ length: Math.floor(random() * 4) }, () =>
        field.listKind === 'message'
          ? randomRequest(field.message, random, depth + 1)
          : pick(texts, random),
      );
    case 'map':
      return { [pick(texts, random)]: pick(texts, random) };
    case 'scalar':
      return scalar(field.scalar, random);
  }
}

function scalar(type: ScalarType, random: () => number): unknown {
  if (type === ScalarType.STRING) return pick(texts, random);
  if (type === ScalarType.BOOL) return pick([true, false, 'true', 1], random);
  if (type === ScalarType.BYTES) return pick(['', 'AAAA', '%%%', '=='], random);
  return pick([0, 1, -1, 1.5, 1e9, 2 ** 31, '7', '-9223372036854775808', 'NaN'], random);
}

const junk = [null, 0, '', [], {}, true, 'x', -1e308, [[[]]], { a: { b: [] } }];
const texts = [
  '',
  'x',
  'iris',
  'users/admin',
  'users/me',
  'users/-',
  'users/admin/tasks/none',
  'users/admin/tasks/fuzz',
  'users/admin/models/iris',
  '../../etc/passwd',
  '%00',
  '\u0000',
  '\ufffe😀',
  "' OR 1=1 --",
  '9'.repeat(400),
  '10s',
  '2026-01-01T00:00:00Z',
  '127.0.0.1:9',
  '$variable',
];

function pick<T>(choices: readonly T[], random: () => number): T {
  return choices[Math.floor(random() * choices.length)] as T;
}
