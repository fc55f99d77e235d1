import type { DescService } from '@bufbuild/protobuf';
import type { ConnectRouter } from '@connectrpc/connect';
import type { Api } from './openapi/api.js';
import type { Representation } from './rest/representation.js';

/** A documented foreign API that is served from the same tasks. */
export interface Dialect {
  readonly name: string;
  /** Adds its services; their HTTP routes are in their protos. */
  register(router: ConnectRouter): void;
  /** How its services look over HTTP. */
  readonly representations: readonly DialectRepresentation[];
  readonly documentation: Api;
}

export interface DialectRepresentation {
  readonly service: DescService;
  readonly representation: Representation;
}
