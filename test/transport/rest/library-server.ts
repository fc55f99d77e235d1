import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { createServer as createHttp2Server } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { create } from '@bufbuild/protobuf';
import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import {
  Code,
  ConnectError,
  type ConnectRouter,
  type HandlerContext,
  type ServiceImpl,
} from '@connectrpc/connect';
import { connectNodeAdapter } from '@connectrpc/connect-node';
import { HttpBodySchema } from '../../../gen/ts/google/api/httpbody_pb.js';
import { ErrorInfoSchema, RetryInfoSchema } from '../../../gen/ts/google/rpc/error_details_pb.js';
import { setHttpStatus } from '../../../src/transport/rest/rest-call.js';
import {
  createRest,
  type Rest,
  type RestOptions,
} from '../../../src/transport/rest/rest-handler.js';
import { BookSchema, KioskService, LibraryService } from './gen/library/v1/library_pb.js';

/** What the implementations saw and went through, for tests to wait on. */
export interface Seen {
  readonly contexts: HandlerContext[];
  /** Resolves with each abort of a watch, in order. */
  readonly watchEnded: Promise<void>;
  endWatch(): void;
}

/** A running library with its REST face, over HTTP/1.1 or cleartext HTTP/2. */
export interface LibraryServer {
  readonly url: string;
  readonly port: number;
  readonly rest: Rest;
  readonly seen: Seen;
  close(): Promise<void>;
}

/** Starts a library on a free loopback port; the caller closes it. */
export async function startLibrary(
  options: RestOptions & { version?: 1 | 2 } = {},
): Promise<LibraryServer> {
  const seen = createSeen();
  const rest = createRest(options);
  const listener = connectNodeAdapter({
    interceptors: [...(options.interceptors ?? [])],
    routes: (router) => libraryRoutes(rest.tap(router), seen),
    fallback: rest.handler,
    ...(options.contextValues !== undefined && { contextValues: options.contextValues }),
  });
  const server: Server =
    options.version === 2
      ? // The parts used here are the same on both; the types only share net.Server.
        (createHttp2Server(listener) as unknown as Server)
      : createServer(listener);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    rest,
    seen,
    async close() {
      server.close();
      if (options.version !== 2) {
        server.closeAllConnections();
      }
      await once(server, 'close');
    },
  };
}

function createSeen(): Seen {
  let endWatch = () => {};
  const watchEnded = new Promise<void>((resolve) => {
    endWatch = resolve;
  });
  return { contexts: [], watchEnded, endWatch };
}

/** Registers the library and its kiosk with a router. */
export function libraryRoutes(router: ConnectRouter, seen: Seen): void {
  router.service(LibraryService, library(seen));
  router.service(KioskService, {
    buy: (request) => request,
    stop: (request) => request,
  });
}

function library(seen: Seen): ServiceImpl<typeof LibraryService> {
  return {
    getBook(request, context) {
      seen.contexts.push(context);
      refuseSpecial(request.name);
      return { name: request.name, title: 'Emma', wordCount: 160_000n };
    },
    createBook(request, context) {
      context.responseHeader.set('location', `/v1/${request.parent}/books/${request.bookId}`);
      setHttpStatus(context.values, 201);
      const book = request.book ?? create(BookSchema);
      book.name = `${request.parent}/books/${request.bookId}`;
      return book;
    },
    updateBook(request) {
      const book = request.book ?? create(BookSchema);
      book.tags = request.updateMask?.paths ?? [];
      return book;
    },
    lendBook: (request) => ({
      name: request.name,
      title: request.reader,
      lentTime: timestampFromMs(0),
    }),
    listBooks: (request) => ({
      books: Array.from({ length: request.pageSize }, (_, index) => ({
        name: `${request.parent}/books/${index}`,
      })),
    }),
    async echo(request, context) {
      seen.contexts.push(context);
      if (request.text === 'slow') {
        await once(context.signal, 'abort');
        await new Promise(() => {});
      }
      return request;
    },
    startClock: (request) => request,
    async *watchBooks(request, context) {
      seen.contexts.push(context);
      try {
        for (let index = 0; index < request.count; index++) {
          if (request.failAfter === index + 1) {
            throw new ConnectError('the shelf fell over', Code.Unavailable);
          }
          yield {
            book: create(BookSchema, { name: `shelves/1/books/${index}` }),
            sequence: BigInt(index + 1),
          };
        }
        if (request.count === 0) {
          throw new ConnectError('there is no such shelf', Code.NotFound);
        }
        if (request.failAfter === -1) {
          await once(context.signal, 'abort');
        }
      } finally {
        seen.endWatch();
      }
    },
    getCover: (request) => ({
      contentType: 'image/png',
      data: new TextEncoder().encode(request.name),
    }),
    putCover: (request) => ({
      name: request.name,
      note: request.note,
      contentType: request.cover?.contentType ?? '',
      size: BigInt(request.cover?.data.byteLength ?? 0),
    }),
    async uploadText(requests) {
      let size = 0;
      let chunks = 0;
      let name = '';
      let note = '';
      let contentType = '';
      for await (const request of requests) {
        name += request.name;
        note += request.note;
        contentType += request.cover?.contentType ?? '';
        size += request.cover?.data.byteLength ?? 0;
        chunks++;
      }
      return { name, note, contentType, size: BigInt(size), chunks };
    },
    async *downloadText(request) {
      yield create(HttpBodySchema, {
        contentType: 'text/plain',
        data: new TextEncoder().encode(`${request.name}\n`),
      });
      if (request.name.endsWith('torn')) {
        throw new ConnectError('the last page is missing', Code.DataLoss);
      }
      yield create(HttpBodySchema, { data: new TextEncoder().encode('the end') });
    },
    async *shout(requests) {
      for await (const { contentType, data } of requests) {
        const text = Buffer.from(data).toString('utf8').toUpperCase();
        yield { contentType, data: Buffer.from(text) };
      }
    },
  };
}

function refuseSpecial(name: string): void {
  if (name.endsWith('lost')) {
    throw new ConnectError('the book is lost', Code.NotFound, { 'x-shelf': '7' }, [
      { desc: ErrorInfoSchema, value: { reason: 'BOOK_LOST', domain: 'library.test' } },
    ]);
  }
  if (name.endsWith('busy')) {
    throw new ConnectError('try later', Code.Unavailable, undefined, [
      { desc: RetryInfoSchema, value: { retryDelay: { seconds: 2n, nanos: 1 } } },
    ]);
  }
  if (name.endsWith('broken')) {
    throw new Error('the password is hunter2');
  }
}
