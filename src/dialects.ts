import type { Dialect as DialectName } from './config.js';
import type { Reads } from './domain/ports.js';
import type { Service } from './service/create-service.js';
import type { Authenticator } from './transport/auth.js';
import { createDatameer } from './transport/datameer/dialect.js';
import type { Dialect } from './transport/dialect.js';
import { createKandasearch, type KandasearchDeps } from './transport/kandasearch/dialect.js';
import { createOpentox } from './transport/opentox/dialect.js';
import { offerTasks } from './transport/opentox/start.js';
import type { SignatureDeps } from './transport/symetry/auth.js';
import { createSymetry } from './transport/symetry/dialect.js';

/** What the dialects are served from. */
export interface DialectDeps extends SignatureDeps, KandasearchDeps {
  readonly service: Service;
  readonly store: Pick<Reads, 'userByName' | 'userByTokenHash'>;
  readonly authenticator: Authenticator;
  readonly allowPlainTaskInfo: boolean;
  readonly publicUrl: string | undefined;
  readonly timeZone: string;
}

const makers: Readonly<Record<DialectName, (deps: DialectDeps) => Dialect>> = {
  symetry: createSymetry,
  opentox: createOpentox,
  datameer: createDatameer,
  kandasearch: createKandasearch,
};

/** Makes the dialects that the operator wants. With OpenTox, any of them answers a start with its task on request. */
export function createDialects(names: readonly DialectName[], deps: DialectDeps): Dialect[] {
  const dialects = names.map((name) => makers[name](deps));
  if (!names.includes('opentox')) return dialects;
  return dialects.map((each) => (each.name === 'opentox' ? each : offerTasks(each, deps)));
}
