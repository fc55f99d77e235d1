import {
  create,
  type DescFile,
  type DescService,
  fromBinary,
  type MessageInitShape,
  toBinary,
} from '@bufbuild/protobuf';
import { FileDescriptorProtoSchema } from '@bufbuild/protobuf/wkt';
import { Code, type ConnectRouter } from '@connectrpc/connect';
import {
  ServerReflection,
  type ServerReflectionRequest,
  ServerReflectionRequestSchema,
  type ServerReflectionResponse,
  ServerReflectionResponseSchema,
} from '../../../gen/ts/grpc/reflection/v1/reflection_pb.js';
import {
  ServerReflection as ServerReflectionV1alpha,
  ServerReflectionRequestSchema as V1alphaRequestSchema,
  ServerReflectionResponseSchema as V1alphaResponseSchema,
} from '../../../gen/ts/grpc/reflection/v1alpha/reflection_pb.js';
import { type DescriptorIndex, indexDescriptors, withImports } from './descriptor-index.js';

/**
 * Serves server reflection v1 and v1alpha about `services`, themselves included. `extra` files are
 * described too, though nothing in them is listed. Reflection is bidirectional, hence HTTP/2 only.
 */
export function reflectionRoutes(
  services: readonly DescService[],
  extra: readonly DescFile[] = [],
): (router: ConnectRouter) => void {
  const listed = [...services, ServerReflection, ServerReflectionV1alpha];
  const index = indexDescriptors([...listed.map((service) => service.file), ...extra]);
  const names = [...new Set(listed.map((service) => service.typeName))].sort();
  return (router) => {
    router.service(ServerReflection, {
      serverReflectionInfo: (requests) => answers(requests, index, names),
    });
    router.service(ServerReflectionV1alpha, {
      // The two versions differ in nothing but the package name.
      async *serverReflectionInfo(requests) {
        const asV1 = mapped(requests, (request) =>
          fromBinary(ServerReflectionRequestSchema, toBinary(V1alphaRequestSchema, request)),
        );
        for await (const answer of answers(asV1, index, names)) {
          yield fromBinary(V1alphaResponseSchema, toBinary(ServerReflectionResponseSchema, answer));
        }
      },
    });
  };
}

type MessageResponse = NonNullable<
  MessageInitShape<typeof ServerReflectionResponseSchema>['messageResponse']
>;

async function* answers(
  requests: AsyncIterable<ServerReflectionRequest>,
  index: DescriptorIndex,
  services: readonly string[],
): AsyncGenerator<ServerReflectionResponse> {
  const sent = new Set<DescFile>();
  for await (const request of requests) {
    const messageResponse = answer(request.messageRequest, index, services);
    yield create(ServerReflectionResponseSchema, {
      validHost: request.host,
      originalRequest: request,
      messageResponse:
        'file' in messageResponse ? fileAnswer(messageResponse.file, sent) : messageResponse,
    });
  }
}

function answer(
  query: ServerReflectionRequest['messageRequest'],
  index: DescriptorIndex,
  services: readonly string[],
): MessageResponse | { file: DescFile | undefined } {
  switch (query.case) {
    case 'fileByFilename':
      return { file: index.fileByName(query.value) };
    case 'fileContainingSymbol':
      return { file: index.fileBySymbol(query.value) };
    case 'fileContainingExtension': {
      const { containingType, extensionNumber } = query.value;
      return { file: index.fileByExtension(containingType, extensionNumber) };
    }
    case 'allExtensionNumbersOfType': {
      const numbers = index.extensionNumbers(query.value);
      if (numbers === undefined) return NOT_FOUND;
      const value = { baseTypeName: query.value, extensionNumber: [...numbers] };
      return { case: 'allExtensionNumbersResponse', value };
    }
    case 'listServices':
      return {
        case: 'listServicesResponse',
        value: { service: services.map((name) => ({ name })) },
      };
    case undefined:
      return fault(Code.InvalidArgument, 'the request asks for nothing known');
  }
}

/** The file, and of what it imports all that this stream was not yet sent. */
function fileAnswer(file: DescFile | undefined, sent: Set<DescFile>): MessageResponse {
  if (file === undefined) return NOT_FOUND;
  const files = withImports([file]).filter((f) => f === file || !sent.has(f));
  for (const f of files) sent.add(f);
  const fileDescriptorProto = files.map((f) => toBinary(FileDescriptorProtoSchema, f.proto));
  return { case: 'fileDescriptorResponse', value: { fileDescriptorProto } };
}

function fault(errorCode: Code, errorMessage: string) {
  return { case: 'errorResponse' as const, value: { errorCode, errorMessage } };
}

const NOT_FOUND = fault(Code.NotFound, 'not found');

async function* mapped<A, B>(source: AsyncIterable<A>, f: (a: A) => B): AsyncGenerator<B> {
  for await (const item of source) yield f(item);
}
