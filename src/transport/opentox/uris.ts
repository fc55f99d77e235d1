import type { HandlerContext } from '@connectrpc/connect';
import { restCallKey } from '../rest/rest-call.js';

/** Makes the URIs of one answer, all under the address that its reader knows the service by. */
export interface Uris {
  /** A task, by any of its ids. */
  task(id: string): string;
  history(id: string): string;
  /** A thing of the core's API, by its resource name. */
  resource(name: string): string;
}

/** Makes URIs under `base`, which has no slash at the end. */
export function urisUnder(base: string): Uris {
  const task = (id: string) => `${base}/task/${encodeURIComponent(id)}`;
  return {
    task,
    history: (id) => `${task(id)}/history`,
    resource: (name) => `${base}/v1/${name.split('/').map(encodeURIComponent).join('/')}`,
  };
}

/** What callers call the service: what the operator says, or else the scheme and authority that this caller used. */
export function baseOf(
  publicUrl: string | undefined,
  { values, url }: Pick<HandlerContext, 'values' | 'url'>,
): string {
  return publicUrl ?? values.get(restCallKey)?.request.origin ?? new URL(url).origin;
}
