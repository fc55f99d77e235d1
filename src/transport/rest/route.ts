import type { DescField } from '@bufbuild/protobuf';
import type { Interceptor, MethodImplSpec } from '@connectrpc/connect';
import type { BindOptions } from './bind-request.js';
import type { CompleteRepresentation } from './representation.js';
import type { Binding } from './routing/http-rule.js';

/** A binding with everything that answering a request on it needs. */
export interface Route extends Binding {
  readonly rpc: MethodImplSpec;
  readonly interceptors: readonly Interceptor[];
  readonly representation: CompleteRepresentation;
  readonly bindOptions: BindOptions;
  /** The field of the request that `Last-Event-ID` fills. */
  readonly resumeField: DescField | undefined;
}
