import {
  type HttpHandler,
  type HttpRequest,
  type HttpResponse,
  replyAllowed,
  replyJson,
} from './exchange.js';

/** Answers GET and HEAD of one path. What it throws or rejects with is logged and answered with 500. */
export type PlainHandler = (req: HttpRequest, res: HttpResponse) => void | Promise<void>;

/**
 * Paths that are served as they are, beside the procedures and before the fallback: no transcoding, no interceptors and
 * no authentication but what a handler does itself. A path matches whole, as it was sent, without its query.
 */
export type PlainRoutes = ReadonlyMap<string, PlainHandler>;

/** Told of what a handler did not mean to throw. */
export type OnFailure = (err: unknown, req: HttpRequest, res: HttpResponse) => void;

const allowed = 'GET, HEAD, OPTIONS';

/** The handlers of `routes`; other methods than GET and HEAD are refused with 405. */
export function plainHandlers(
  routes: PlainRoutes,
  onFailure: OnFailure,
): ReadonlyMap<string, HttpHandler> {
  return new Map(
    [...routes].map(([path, handler]): [string, HttpHandler] => [
      path,
      (req, res) => {
        if (req.method === 'OPTIONS') {
          replyAllowed(res, allowed);
          return;
        }
        if (req.method !== 'GET' && req.method !== 'HEAD') {
          res.setHeader('allow', allowed);
          replyJson(res, 405, { code: 'unimplemented', message: 'use GET' });
          return;
        }
        answer(handler, req, res).catch((err: unknown) => onFailure(err, req, res));
      },
    ]),
  );
}

async function answer(handler: PlainHandler, req: HttpRequest, res: HttpResponse): Promise<void> {
  await handler(req, res);
}
