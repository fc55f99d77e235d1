import { type ScannedTarget, segmentKey } from './path-scanner.js';
import type { PathTemplate } from './path-template.js';

/** What the table needs to know of a route. */
export interface TableRoute {
  readonly httpMethod: string;
  readonly template: PathTemplate;
  /** Whether `HEAD` may be answered by this `GET` route. */
  readonly safe: boolean;
}

/** What a request's method and path lead to. */
export type Match<R> =
  | { readonly type: 'found'; readonly route: R; readonly segments: readonly string[] }
  | { readonly type: 'wrong-method'; readonly allowed: readonly string[] }
  | { readonly type: 'none' };

/** Routes by path and method. Grows while a server starts, and only reads afterwards. */
export interface RouteTable<R extends TableRoute> {
  /** Adds a route; throws if a route of the same method and shape exists. */
  add(route: R): void;
  /**
   * Finds the route of a request. In each segment a literal goes before `*` before `**`, with
   * backtracking; a path whose `:verb` some route has goes to that route; any other colon is part
   * of its segment. `segments` of a match are the raw segments without that verb.
   */
  match(httpMethod: string, target: ScannedTarget): Match<R>;
  /**
   * The routes in the neighbourhood of a path that matches none, or is malformed: those below the
   * last literal that its segments reach.
   */
  near(rawPath: string): readonly R[];
}

/** Creates an empty route table. */
export function createRouteTable<R extends TableRoute>(): RouteTable<R> {
  const root = createNode<R>();
  const verbs = new Set<string>();
  return {
    add(route) {
      const { verb } = route.template;
      addRoute(root, route);
      if (verb !== undefined) {
        verbs.add(verb);
      }
    },
    match(httpMethod, target) {
      const withVerb = splitVerb(target);
      if (withVerb !== undefined && verbs.has(withVerb.verb)) {
        const { segments, keys, verb } = withVerb;
        const match = search(root, { segments, keys, verb, httpMethod });
        if (match.type !== 'none') {
          return match;
        }
      }
      const { segments, keys } = target;
      return search(root, { segments, keys, verb: noVerb, httpMethod });
    },
    near: (rawPath) => routesNear(root, rawPath),
  };
}

interface Node<R> {
  readonly literals: Map<string, Node<R>>;
  one: Node<R> | undefined;
  many: Node<R> | undefined;
  /** The routes that end here, by verb and then by HTTP method. */
  readonly leaves: Map<string, Map<string, R>>;
  /** All routes that pass or end here. */
  readonly routes: R[];
}

interface Search {
  readonly segments: readonly string[];
  readonly keys: readonly string[];
  readonly verb: string;
  readonly httpMethod: string;
}

/** No verb can be empty, so the empty one marks routes without. */
const noVerb = '';

function createNode<R>(): Node<R> {
  return { literals: new Map(), one: undefined, many: undefined, leaves: new Map(), routes: [] };
}

function addRoute<R extends TableRoute>(root: Node<R>, route: R): void {
  const { template, httpMethod } = route;
  const path = [root];
  let node = root;
  for (const segment of template.segments) {
    node = segment.type === 'literal' ? literalChild(node, segment.key) : wildChild(node, segment);
    path.push(node);
  }
  const verb = template.verb ?? noVerb;
  const leaf = node.leaves.get(verb) ?? new Map<string, R>();
  const other = leaf.get(httpMethod);
  if (other !== undefined) {
    const clash = `"${template.text}" and "${other.template.text}"`;
    throw new Error(`route ${httpMethod} ${template.shape} is declared twice: ${clash}`);
  }
  node.leaves.set(verb, leaf.set(httpMethod, route));
  for (const passed of path) {
    passed.routes.push(route);
  }
}

function literalChild<R>(node: Node<R>, key: string): Node<R> {
  const child = node.literals.get(key) ?? createNode<R>();
  node.literals.set(key, child);
  return child;
}

function wildChild<R>(node: Node<R>, segment: { readonly type: 'one' | 'many' }): Node<R> {
  const child = node[segment.type] ?? createNode<R>();
  node[segment.type] = child;
  return child;
}

/** Cuts `:verb` off the last segment. An escaped colon is never a verb's. */
function splitVerb(target: ScannedTarget): Pick<Search, 'segments' | 'keys' | 'verb'> | undefined {
  const last = target.segments.at(-1);
  const colonAt = last?.lastIndexOf(':') ?? -1;
  if (last === undefined || colonAt < 0) {
    return undefined;
  }
  const stem = last.slice(0, colonAt);
  return {
    segments: [...target.segments.slice(0, -1), stem],
    keys: [...target.keys.slice(0, -1), segmentKey(stem)],
    verb: segmentKey(last.slice(colonAt + 1)),
  };
}

function search<R extends TableRoute>(root: Node<R>, wanted: Search): Match<R> {
  const wrong: Map<string, R>[] = [];
  const route = walk(root, 0, wanted, (leaf) => {
    const found = select(leaf, wanted.httpMethod);
    if (found === undefined) {
      wrong.push(leaf);
    }
    return found;
  });
  if (route !== undefined) {
    return { type: 'found', route, segments: wanted.segments };
  }
  return wrong.length > 0 ? { type: 'wrong-method', allowed: allowedBy(wrong) } : { type: 'none' };
}

type Visit<R> = (leaf: Map<string, R>) => R | undefined;

function walk<R>(node: Node<R>, at: number, wanted: Search, visit: Visit<R>): R | undefined {
  return step(node, at, wanted, visit) ?? skip(node.many, at, wanted, visit);
}

/** Goes on behind a `**`: with the fewest segments for it first, so that a longer rest wins. */
function skip<R>(
  many: Node<R> | undefined,
  from: number,
  wanted: Search,
  visit: Visit<R>,
): R | undefined {
  if (many === undefined) {
    return undefined;
  }
  for (let at = from; at <= wanted.keys.length; at++) {
    const found = step(many, at, wanted, visit);
    if (found !== undefined) {
      return found;
    }
  }
  return undefined;
}

function step<R>(node: Node<R>, at: number, wanted: Search, visit: Visit<R>): R | undefined {
  const key = wanted.keys[at];
  if (key === undefined) {
    const leaf = node.leaves.get(wanted.verb);
    return leaf === undefined ? undefined : visit(leaf);
  }
  const literal = node.literals.get(key);
  const found = literal === undefined ? undefined : walk(literal, at + 1, wanted, visit);
  if (found !== undefined || node.one === undefined || key === '') {
    return found;
  }
  return walk(node.one, at + 1, wanted, visit);
}

function select<R extends TableRoute>(leaf: Map<string, R>, httpMethod: string): R | undefined {
  const exact = leaf.get(httpMethod);
  if (exact !== undefined) {
    return exact;
  }
  const get = httpMethod === 'HEAD' ? leaf.get('GET') : undefined;
  return get?.safe === true ? get : leaf.get('*');
}

function allowedBy<R extends TableRoute>(leaves: readonly Map<string, R>[]): string[] {
  const allowed = new Set(['OPTIONS']);
  for (const leaf of leaves) {
    for (const httpMethod of leaf.keys()) {
      allowed.add(httpMethod);
    }
    if (leaf.get('GET')?.safe === true) {
      allowed.add('HEAD');
    }
  }
  return [...allowed].sort();
}

function routesNear<R>(root: Node<R>, rawPath: string): readonly R[] {
  let near = root;
  let node = root;
  for (const raw of rawPath.split('/').slice(1)) {
    const literal = node.literals.get(raw);
    const next = literal ?? node.one ?? node.many;
    if (next === undefined) {
      break;
    }
    node = next;
    // A wildcard takes anything, so only a literal shows whose neighbourhood this is.
    near = literal ?? near;
  }
  return near.routes;
}
