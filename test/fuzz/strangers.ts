import assert from 'node:assert/strict';
import type { FuzzTarget } from './targets.js';
import type { FuzzWorld } from './world.js';

interface Document {
  readonly security: readonly object[];
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
}

interface Operation {
  readonly security?: readonly object[];
}

/**
 * Calls every operation that asks for credentials without any. Rejects if one is answered otherwise than by a refusal.
 * schemathesis could do it, but also sends wrong ones, and after some of those the service only says "later".
 */
export async function refuseStrangers(
  { url }: FuzzWorld,
  { document, stranger }: FuzzTarget,
): Promise<void> {
  const { paths, security }: Document = JSON.parse(await (await fetch(url + document)).text());
  for (const [path, item] of Object.entries(paths)) {
    for (const [verb, operation] of Object.entries(item)) {
      if ((operation.security ?? security).length === 0) continue;
      const target = url + path.replaceAll(/\{[^}]+\}/g, 'admin');
      const answer = await fetch(target, { method: verb.toUpperCase() });
      assert.equal(answer.status, stranger, `${verb} ${path} without credentials`);
      await answer.body?.cancel();
    }
  }
}
