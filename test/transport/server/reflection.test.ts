import assert from 'node:assert/strict';
import { test } from 'node:test';
import { create, type DescService, fromBinary, type MessageInitShape } from '@bufbuild/protobuf';
import { FileDescriptorProtoSchema, file_google_protobuf_struct } from '@bufbuild/protobuf/wkt';
import { Code, ConnectError, createClient } from '@connectrpc/connect';
import { createConnectTransport, createGrpcTransport } from '@connectrpc/connect-node';
import { file_google_api_annotations } from '../../../gen/ts/google/api/annotations_pb.js';
import { file_google_api_resource } from '../../../gen/ts/google/api/resource_pb.js';
import {
  ServerReflection,
  ServerReflectionRequestSchema,
  type ServerReflectionResponse,
} from '../../../gen/ts/grpc/reflection/v1/reflection_pb.js';
import {
  ServerReflection as V1alpha,
  ServerReflectionRequestSchema as V1alphaRequestSchema,
} from '../../../gen/ts/grpc/reflection/v1alpha/reflection_pb.js';
import { EchoService } from './echo-service.js';
import { startEcho } from './harness.js';

const reflection = {
  files: [file_google_api_annotations, file_google_api_resource, file_google_protobuf_struct],
};

type Query = NonNullable<MessageInitShape<typeof ServerReflectionRequestSchema>['messageRequest']>;

/** Asks all `queries` on one stream and returns the answers in order. */
async function ask(url: string, queries: readonly Query[]): Promise<ServerReflectionResponse[]> {
  const client = createClient(ServerReflection, createGrpcTransport({ baseUrl: url }));
  const requests = queries.map((messageRequest) =>
    create(ServerReflectionRequestSchema, { host: 'me', messageRequest }),
  );
  const answers: ServerReflectionResponse[] = [];
  for await (const answer of client.serverReflectionInfo(each(requests))) answers.push(answer);
  return answers;
}

async function* each<T>(items: readonly T[]): AsyncGenerator<T> {
  yield* items;
}

function filesIn(answer: ServerReflectionResponse | undefined): string[] {
  const { messageResponse } = answer ?? {};
  if (messageResponse?.case !== 'fileDescriptorResponse')
    return [`no files: ${messageResponse?.case}`];
  return messageResponse.value.fileDescriptorProto.map(
    (bytes) => fromBinary(FileDescriptorProtoSchema, bytes).name,
  );
}

test('the served services are listed, reflection and health among them', async (t) => {
  const server = await startEcho(t, {}, { reflection });
  const [answer] = await ask(server.url, [{ case: 'listServices', value: '' }]);
  assert.equal(answer?.validHost, 'me');
  assert.equal(answer.originalRequest?.messageRequest.case, 'listServices');
  const { messageResponse } = answer;
  assert.ok(messageResponse.case === 'listServicesResponse');
  assert.deepEqual(
    messageResponse.value.service.map(({ name }) => name),
    [
      'grpc.health.v1.Health',
      'grpc.reflection.v1.ServerReflection',
      'grpc.reflection.v1alpha.ServerReflection',
      EchoService.typeName,
    ],
  );
});

for (const symbol of [
  'google.protobuf.Struct',
  'google.protobuf.Struct.fields',
  'google.protobuf.Value.kind',
  'google.protobuf.NullValue',
  'google.protobuf.NULL_VALUE',
]) {
  test(`the file of the symbol ${symbol} is found`, async (t) => {
    const server = await startEcho(t, {}, { reflection });
    const [answer] = await ask(server.url, [{ case: 'fileContainingSymbol', value: symbol }]);
    assert.deepEqual(filesIn(answer), ['google/protobuf/struct.proto']);
  });
}

test('a file comes with its imports, each once on a stream, and again when asked for by itself', async (t) => {
  const server = await startEcho(t, {}, { reflection });
  const method = `${EchoService.typeName}.Say`;
  const answers = await ask(server.url, [
    { case: 'fileContainingSymbol', value: method },
    { case: 'fileContainingSymbol', value: method },
    { case: 'fileByFilename', value: 'google/protobuf/wrappers.proto' },
    { case: 'fileByFilename', value: 'google/api/annotations.proto' },
    { case: 'fileByFilename', value: 'google/api/resource.proto' },
  ]);
  assert.deepEqual(answers.map(filesIn), [
    ['predictd/test/v1/echo.proto', 'google/protobuf/wrappers.proto'],
    ['predictd/test/v1/echo.proto'],
    ['google/protobuf/wrappers.proto'],
    ['google/api/annotations.proto', 'google/api/http.proto', 'google/protobuf/descriptor.proto'],
    ['google/api/resource.proto'],
  ]);
});

test('extensions are found by type and number, and listed by type', async (t) => {
  const server = await startEcho(t, {}, { reflection });
  const [byNumber, numbers, none] = await ask(server.url, [
    {
      case: 'fileContainingExtension',
      value: { containingType: 'google.protobuf.MethodOptions', extensionNumber: 72295728 },
    },
    { case: 'allExtensionNumbersOfType', value: 'google.protobuf.MessageOptions' },
    { case: 'allExtensionNumbersOfType', value: 'google.protobuf.StringValue' },
  ]);
  assert.equal(filesIn(byNumber)[0], 'google/api/annotations.proto');
  const found = numbers?.messageResponse;
  assert.ok(found?.case === 'allExtensionNumbersResponse');
  assert.equal(found.value.baseTypeName, 'google.protobuf.MessageOptions');
  assert.deepEqual(found.value.extensionNumber, [1053]);
  const empty = none?.messageResponse;
  assert.ok(empty?.case === 'allExtensionNumbersResponse');
  assert.deepEqual(empty.value.extensionNumber, []);
});

test('what is unknown is an error answer, after which the stream goes on', async (t) => {
  const server = await startEcho(t, {}, { reflection });
  const answers = await ask(server.url, [
    { case: 'fileByFilename', value: 'no/such.proto' },
    { case: 'fileContainingSymbol', value: 'no.Such' },
    { case: 'fileContainingExtension', value: { containingType: 'no.Such', extensionNumber: 1 } },
    { case: 'allExtensionNumbersOfType', value: 'no.Such' },
    { case: undefined },
    { case: 'fileByFilename', value: 'google/protobuf/wrappers.proto' },
  ]);
  const codes = answers.map(({ messageResponse }) =>
    messageResponse.case === 'errorResponse' ? messageResponse.value.errorCode : 0,
  );
  const { NotFound, InvalidArgument } = Code;
  assert.deepEqual(codes, [NotFound, NotFound, NotFound, NotFound, InvalidArgument, 0]);
});

test('v1alpha answers as v1 does', async (t) => {
  const server = await startEcho(t, {}, { reflection });
  const client = createClient(V1alpha, createGrpcTransport({ baseUrl: server.url }));
  const messageRequest = {
    case: 'fileByFilename',
    value: 'google/protobuf/wrappers.proto',
  } as const;
  const request = create(V1alphaRequestSchema, { messageRequest });
  for await (const { messageResponse } of client.serverReflectionInfo(each([request]))) {
    assert.ok(messageResponse.case === 'fileDescriptorResponse');
    assert.equal(messageResponse.value.fileDescriptorProto.length, 1);
  }
});

test('without being asked for there is no reflection, and with it none over HTTP/1', async (t) => {
  const bare = await startEcho(t);
  await assert.rejects(
    ask(bare.url, [{ case: 'listServices', value: '' }]),
    isCode(Code.Unimplemented),
  );
  const server = await startEcho(t, {}, { reflection });
  const h1 = createConnectTransport({ baseUrl: server.url, httpVersion: '1.1' });
  const request = create(ServerReflectionRequestSchema);
  await assert.rejects(async () => {
    for await (const _ of createClient(ServerReflection, h1).serverReflectionInfo(each([request])));
  });
  assert.equal((await fetch(`${server.url}/livez`)).status, 200);
});

function isCode(code: Code) {
  return (err: unknown) => ConnectError.from(err).code === code;
}

/** Keeps the list of what reflection must describe in step with what is generated. */
const SERVED: readonly DescService[] = [ServerReflection, V1alpha, EchoService];

test('every service that is listed can be described', async (t) => {
  const server = await startEcho(t, {}, { reflection });
  const queries = SERVED.map(
    ({ typeName }): Query => ({ case: 'fileContainingSymbol', value: typeName }),
  );
  const answers = await ask(server.url, queries);
  assert.deepEqual(
    answers.map((answer) => filesIn(answer)[0]),
    SERVED.map((service) => service.file.proto.name),
  );
});
