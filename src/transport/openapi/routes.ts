import type { JsonObject } from '@bufbuild/protobuf';
import type { Binding } from '../rest/routing/http-rule.js';
import { once } from '../server/once.js';
import type { PlainHandler, PlainRoutes } from '../server/plain-routes.js';
import { replyFile, type ServedFile, servedFile } from '../server/served-file.js';
import type { Api } from './api.js';
import { openApiDocument } from './document.js';
import { documentPage, pagePolicy } from './page.js';

/** What the documents of a service are made from. */
export interface DocumentationOptions {
  /** The first one is the service's own; the others are foreign. */
  readonly apis: readonly Api[];
  /** Everything that is served; read when a document is asked for. */
  readonly bindings: readonly Binding[];
  readonly version: string;
  readonly publicUrl: string | undefined;
}

/**
 * `/openapi.json` and `/docs` for the first API, `/openapi/NAME.json` and `/docs/NAME` for the others. Everybody may read
 * them: they are the same for all callers and hold nothing of any user. A document is made when it is first asked for.
 */
export function documentationRoutes(options: DocumentationOptions): PlainRoutes {
  const places = options.apis.map((api, i) => ({
    title: api.title,
    page: i === 0 ? '/docs' : `/docs/${api.name}`,
    document: i === 0 ? '/openapi.json' : `/openapi/${api.name}.json`,
  }));
  return new Map(
    options.apis.flatMap((api, i): [string, PlainHandler][] => {
      const place = places[i];
      if (place === undefined) return [];
      const document = once(() => makeDocument(api, options));
      const json = once(async () => documentFile(await document()));
      const page = once(async () => pageFile(documentPage(await document(), place, places)));
      return [
        [place.document, async (req, res) => replyFile(req, res, await json())],
        [place.page, async (req, res) => replyFile(req, res, await page())],
      ];
    }),
  );
}

function documentFile(document: JsonObject): ServedFile {
  const bytes = Buffer.from(`${JSON.stringify(document)}\n`);
  return servedFile(bytes, { 'content-type': 'application/json' });
}

function pageFile(html: string): ServedFile {
  return servedFile(Buffer.from(html), {
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': pagePolicy,
    'referrer-policy': 'no-referrer',
    'x-frame-options': 'DENY',
  });
}

/** The comments are most of what there is to load, and most processes never show a document. */
async function makeDocument(api: Api, options: DocumentationOptions): Promise<JsonObject> {
  const { comments } = await import('../../../gen/ts/comments.js');
  return openApiDocument(api, options.bindings, { ...options, comments });
}
