import { create, toBinary } from '@bufbuild/protobuf';
import { fileDesc, type GenService, serviceDesc } from '@bufbuild/protobuf/codegenv2';
import {
  type BytesValueSchema,
  FileDescriptorProtoSchema,
  file_google_protobuf_wrappers,
  type StringValueSchema,
} from '@bufbuild/protobuf/wkt';

const STRING = '.google.protobuf.StringValue';
const BYTES = '.google.protobuf.BytesValue';

const proto = create(FileDescriptorProtoSchema, {
  name: 'predictd/test/v1/echo.proto',
  package: 'predictd.test.v1',
  syntax: 'proto3',
  dependency: ['google/protobuf/wrappers.proto'],
  service: [
    {
      name: 'EchoService',
      method: [
        { name: 'Say', inputType: STRING, outputType: STRING },
        { name: 'Pour', inputType: STRING, outputType: BYTES, serverStreaming: true },
        { name: 'Gather', inputType: BYTES, outputType: STRING, clientStreaming: true },
        {
          name: 'Chat',
          inputType: STRING,
          outputType: STRING,
          clientStreaming: true,
          serverStreaming: true,
        },
      ],
    },
  ],
});

const file = fileDesc(Buffer.from(toBinary(FileDescriptorProtoSchema, proto)).toString('base64'), [
  file_google_protobuf_wrappers,
]);

/** One method of each kind, over the well-known wrapper messages; each test gives its own handlers. */
export const EchoService: GenService<{
  say: { methodKind: 'unary'; input: typeof StringValueSchema; output: typeof StringValueSchema };
  pour: {
    methodKind: 'server_streaming';
    input: typeof StringValueSchema;
    output: typeof BytesValueSchema;
  };
  gather: {
    methodKind: 'client_streaming';
    input: typeof BytesValueSchema;
    output: typeof StringValueSchema;
  };
  chat: {
    methodKind: 'bidi_streaming';
    input: typeof StringValueSchema;
    output: typeof StringValueSchema;
  };
}> = serviceDesc(file, 0);

/** Paths of the procedures. */
export const PATH = {
  say: '/predictd.test.v1.EchoService/Say',
  pour: '/predictd.test.v1.EchoService/Pour',
  gather: '/predictd.test.v1.EchoService/Gather',
} as const;
