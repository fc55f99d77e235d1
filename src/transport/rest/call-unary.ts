import { create, isMessage, type Message } from '@bufbuild/protobuf';
import type {
  HandlerContext,
  Interceptor,
  MethodImplSpec,
  StreamRequest,
  UnaryRequest,
} from '@connectrpc/connect';
import { type CallEnd, ownEnd, withSignal } from '../call-end.js';

/** What a chain of interceptors answers with. */
export type InterceptedResponse = Awaited<ReturnType<ReturnType<Interceptor>>>;

/**
 * Runs a unary implementation behind its interceptors, as Connect does for its own protocols, but
 * without asking for the signal of a call in which nobody looks at it. May throw as well as reject.
 */
export function callUnary(
  rpc: MethodImplSpec & { kind: 'unary' },
  { context, end }: { readonly context: HandlerContext; readonly end: CallEnd },
  input: Message,
  interceptors: readonly Interceptor[],
): Promise<InterceptedResponse> {
  const { method, impl } = rpc;
  const { service, responseHeader, responseTrailer } = context;
  const request: UnaryRequest = withSignal({
    [ownEnd]: end,
    stream: false as const,
    message: input,
    method,
    service,
    requestMethod: context.requestMethod,
    url: context.url,
    header: context.requestHeader,
    contextValues: context.values,
  });
  let next: ReturnType<Interceptor> = async (req) => {
    if (req.stream) {
      throw new Error(`an interceptor made a stream of ${method.name}`);
    }
    const output = await impl(req.message, req === request ? context : contextOf(context, req));
    const message = isMessage(output, method.output) ? output : create(method.output, output);
    const header = responseHeader;
    return { stream: false, message, method, service, header, trailer: responseTrailer };
  };
  for (const interceptor of interceptors.toReversed()) {
    next = interceptor(next);
  }
  return next(request);
}

/** The message of a response; its headers become those of the call, if an interceptor has replaced them. */
export function takeMessage(
  { method, responseHeader, responseTrailer }: HandlerContext,
  response: InterceptedResponse,
): Message {
  if (response.stream) {
    throw new Error(`an interceptor made a stream of ${method.name}`);
  }
  replaceHeaders(responseHeader, response.header);
  replaceHeaders(responseTrailer, response.trailer);
  return response.message;
}

/** What the implementation sees of a request that an interceptor has replaced. */
function contextOf(context: HandlerContext, req: UnaryRequest | StreamRequest): HandlerContext {
  const { service, header, signal, contextValues } = req;
  return { ...context, service, requestHeader: header, signal, values: contextValues };
}

function replaceHeaders(target: Headers, source: Headers): void {
  if (source === target) {
    return;
  }
  for (const name of [...target.keys()]) {
    target.delete(name);
  }
  source.forEach((value, name) => {
    target.append(name, value);
  });
}
