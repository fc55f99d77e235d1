import { createHash, randomUUID } from 'node:crypto';
import { EventEmitter, once } from 'node:events';
import { createSecureServer, createServer, type Http2Session } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { create, type MessageInitShape } from '@bufbuild/protobuf';
import { EmptySchema, timestampFromMs } from '@bufbuild/protobuf/wkt';
import { Code, ConnectError, type ConnectRouter, type HandlerContext } from '@connectrpc/connect';
import { connectNodeAdapter } from '@connectrpc/connect-node';
import { BadRequestSchema, ErrorInfoSchema } from '../../gen/ts/google/rpc/error_details_pb.js';
import {
  type Event,
  EventSchema,
  type Execution,
  ExecutionSchema,
} from '../../gen/ts/predictd/v1/execution_pb.js';
import { ExecutionService } from '../../gen/ts/predictd/v1/execution_service_pb.js';
import {
  type Model,
  ModelSchema,
  ModelService,
} from '../../gen/ts/predictd/v1/model_service_pb.js';
import { State } from '../../gen/ts/predictd/v1/state_pb.js';
import {
  ModelStatusSchema,
  type ModelUpdateSchema,
  ModelUpdateState,
  ModelUse,
  type Task,
  TaskSchema,
  TaskStatusSchema,
} from '../../gen/ts/predictd/v1/task_pb.js';
import { TaskService, WatchTasksResponseSchema } from '../../gen/ts/predictd/v1/task_service_pb.js';
import { type User, UserSchema, UserService } from '../../gen/ts/predictd/v1/user_service_pb.js';

/** The token that the peer knows; it is alice's. */
export const token = 'pd_alice';

/** A service in memory that speaks the contract, and that a test can steer. */
export class Peer {
  readonly tasks = new Map<string, Task>();
  readonly executions = new Map<string, Execution>();
  readonly models = new Map<string, Model>();
  readonly users = new Map<string, User>();
  readonly events: Event[] = [];
  /** What came in, by the name of the call. */
  readonly seen: { method: string; message: unknown }[] = [];
  uploadedBytes = 0;
  watchesOpened = 0;
  readonly #sessions = new Set<Http2Session>();
  readonly #changed = new EventEmitter().setMaxListeners(0);
  readonly #server;
  readonly #secure: boolean;
  #log: MessageInitShape<typeof WatchTasksResponseSchema>[] = [];

  constructor(tls?: { key: string; cert: string }) {
    const handler = connectNodeAdapter({ routes: (router) => this.#routes(router) });
    this.#secure = tls !== undefined;
    this.#server = tls ? createSecureServer(tls, handler) : createServer(handler);
    this.#server.on('session', (session) => {
      this.#sessions.add(session);
      session.on('close', () => this.#sessions.delete(session));
    });
  }

  /** Begins to listen and gives the URL. */
  async listen(port = 0): Promise<string> {
    this.#server.listen(port, '127.0.0.1');
    await once(this.#server, 'listening');
    const scheme = this.#secure ? 'https' : 'http';
    return `${scheme}://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Cuts all connections, as a crash does. */
  drop(): void {
    for (const session of this.#sessions) session.destroy();
  }

  async close(): Promise<void> {
    this.drop();
    this.#server.close();
    await once(this.#server, 'close');
  }

  /** Resolves when so many watches have been opened. */
  async watched(count: number): Promise<void> {
    while (this.watchesOpened < count) await once(this.#changed, 'watch');
  }

  /** Puts a task's newest execution into a state, and tells the watchers. */
  advance(name: string, state: State, about: { message?: string; done?: number } = {}): void {
    const task = this.#task(name);
    const { status } = task;
    if (!status) throw new Error('has no status');
    const fromState = status.state;
    status.state = state;
    status.percentComplete = about.done ?? status.percentComplete;
    status.processIsAlive = state === State.RUNNING;
    const execution = this.executions.get(status.execution);
    if (execution) execution.state = state;
    const sequence = BigInt(this.#log.length + 1);
    const { message = '' } = about;
    const event = create(EventSchema, {
      sequence,
      number: sequence,
      task: name,
      execution: status.execution,
      actor: 'supervisor',
      time: timestampFromMs(1_700_000_000_000),
      reason: 'STATE_CHANGED',
      message,
      severity: 1,
      fromState,
      toState: state,
    });
    this.events.push(event);
    this.#publish({ kind: { case: 'change', value: { task: structuredClone(task), event } } });
  }

  /** Lets the change of a task's models take place or, if a reason is given, be blocked. */
  settleModels(name: string, reason = ''): void {
    const task = this.#task(name);
    const update = task.status?.models?.update;
    if (update && reason !== '') {
      this.#setModels(task, { ...update, state: ModelUpdateState.BLOCKED, reason });
    } else this.#setModels(task, undefined);
    this.#publish({ kind: { case: 'change', value: { task: structuredClone(task) } } });
  }

  #setModels({ status }: Task, update: MessageInitShape<typeof ModelUpdateSchema> | undefined) {
    if (!status) throw new Error('has no status');
    status.models = create(ModelStatusSchema, update ? { update } : {});
  }

  #publish(response: MessageInitShape<typeof WatchTasksResponseSchema>): void {
    this.#log.push({ ...response, sequence: BigInt(this.#log.length + 1) });
    this.#changed.emit('change');
  }

  #routes(router: ConnectRouter): void {
    this.#taskRoutes(router);
    router.service(ExecutionService, {
      getExecution: (request, context) => {
        this.#enter(context, 'getExecution', request);
        const name = this.#own(request.name);
        return this.executions.get(name) ?? missing('execution', name);
      },
      listExecutions: (request, context) => {
        this.#enter(context, 'listExecutions', request);
        const parent = this.#own(request.parent);
        return {
          executions: [...this.executions.values()].filter((it) =>
            it.name.startsWith(`${parent}/`),
          ),
        };
      },
    });
    this.#modelRoutes(router);
    router.service(UserService, {
      createUser: (request, context) => {
        this.#enter(context, 'createUser', request);
        const name = `users/${request.userId}`;
        if (this.users.has(name)) throw new ConnectError('taken', Code.AlreadyExists);
        const { role, projects } = request;
        const user = create(UserSchema, { name, role, projects });
        this.users.set(name, user);
        const password = request.password === '' ? 'made-up-password' : '';
        return { user, password, token: 'pd_new', secretKey: 'AAAAAAAAAAAAAAAAAAAAAA==' };
      },
      getUser: (request, context) => {
        this.#enter(context, 'getUser', request);
        return this.users.get(this.#own(request.name)) ?? missing('user', request.name);
      },
      listUsers: (request, context) => {
        this.#enter(context, 'listUsers', request);
        return { users: [...this.users.values()] };
      },
      deleteUser: (request, context) => {
        this.#enter(context, 'deleteUser', request);
        if (!this.users.delete(request.name)) missing('user', request.name);
        return create(EmptySchema);
      },
    });
  }

  #taskRoutes(router: ConnectRouter): void {
    router.service(TaskService, {
      createTask: (request, context) => {
        this.#enter(context, 'createTask', request);
        const name = `${this.#own(request.parent)}/tasks/${request.taskId}`;
        if (this.tasks.has(name) && !request.force) {
          throw new ConnectError('A task of this name exists already.', Code.AlreadyExists);
        }
        if (request.task?.spec?.sink?.topic === request.task?.spec?.source?.topic)
          throw sameTopic();
        const status = create(TaskStatusSchema, { state: State.CREATED, counters: {} });
        const createTime = timestampFromMs(1_700_000_000_000);
        const { spec, labels = {}, displayName = '' } = request.task ?? {};
        const task = create(TaskSchema, {
          name,
          uid: randomUUID(),
          id: 7n,
          generation: 1n,
          createTime,
          status,
          labels,
          displayName,
          ...(spec ? { spec } : {}),
        });
        this.tasks.set(name, task);
        this.#publish({ kind: { case: 'change', value: { task: structuredClone(task) } } });
        return task;
      },
      getTask: (request, context) => {
        this.#enter(context, 'getTask', request);
        return this.#task(this.#own(request.name));
      },
      listTasks: (request, context) => {
        this.#enter(context, 'listTasks', request);
        const all = [...this.tasks.values()].filter((it) => this.#covers(request.parent, it.name));
        // Two pages, whatever was asked for, so that a client has to go on.
        const first = request.pageToken === '';
        const tasks = first ? all.slice(0, 1) : all.slice(1);
        return { tasks, nextPageToken: first && all.length > 1 ? 'rest' : '' };
      },
      updateTask: (request, context) => {
        this.#enter(context, 'updateTask', request);
        const task = this.#task(this.#own(request.task?.name ?? ''));
        task.generation += 1n;
        return task;
      },
      deleteTask: (request, context) => {
        this.#enter(context, 'deleteTask', request);
        const name = this.#own(request.name);
        if (!this.tasks.delete(name) && !request.allowMissing) missing('task', name);
        this.#publish({ kind: { case: 'deleted', value: name } });
        return create(EmptySchema);
      },
      startTask: (request, context) => {
        this.#enter(context, 'startTask', request);
        const task = this.#task(this.#own(request.name));
        const number = BigInt([...this.executions.keys()].length + 1);
        const name = `${task.name}/executions/${number}`;
        const execution = create(ExecutionSchema, { name, number, state: State.STARTING });
        this.executions.set(name, execution);
        task.status = create(TaskStatusSchema, {
          state: State.STARTING,
          execution: name,
          counters: {},
        });
        return execution;
      },
      stopTask: (request, context) => {
        this.#enter(context, 'stopTask', request);
        return this.#task(this.#own(request.name));
      },
      validateTask: (request, context) => {
        this.#enter(context, 'validateTask', request);
        if (request.dryRunRecords > 0) {
          const record = { input: '{"x":1}', offset: 5n, output: { label: 1 } };
          const bad = { input: '{}', offset: 6n, error: 'FIELD_MISSING: Field "x" is missing.' };
          return { valid: true, records: [record, bad].slice(0, request.dryRunRecords) };
        }
        const field = 'spec.sink.topic';
        const description = 'Choose another topic.';
        return { valid: false, faults: [{ field, reason: 'SAME_TOPIC', description }] };
      },
      swapModel: (request, context) => {
        this.#enter(context, 'swapModel', request);
        const task = this.#task(this.#own(request.name));
        const model = { model: `users/alice/models/${request.model}`, sha256: '' };
        this.#setModels(task, { model, state: ModelUpdateState.LOADING, use: ModelUse.SWAP });
        return task;
      },
      watchTasks: (request, context) => this.#watch(request, context),
      listEvents: (request, context) => {
        this.#enter(context, 'listEvents', request);
        return { events: this.events.filter((it) => it.sequence > request.afterSequence) };
      },
    });
  }

  async *#watch(
    request: { name: string; parent: string; afterSequence: bigint },
    context: HandlerContext,
  ) {
    this.#enter(context, 'watchTasks', request);
    const target = this.#own(request.name || request.parent);
    if (request.name !== '') this.#task(target);
    let next = request.afterSequence;
    this.watchesOpened++;
    if (next === 0n) {
      next = BigInt(this.#log.length);
      for (const task of this.tasks.values()) {
        if (!this.#covers(target, task.name)) continue;
        yield create(WatchTasksResponseSchema, {
          kind: { case: 'snapshot', value: structuredClone(task) },
          sequence: next,
        });
      }
      yield create(WatchTasksResponseSchema, {
        kind: { case: 'snapshotEnd', value: {} },
        sequence: next,
      });
    }
    this.#changed.emit('watch');
    for (;;) {
      for (const response of this.#log.slice(Number(next))) {
        next++;
        yield create(WatchTasksResponseSchema, response);
      }
      await once(this.#changed, 'change', { signal: context.signal });
    }
  }

  #modelRoutes(router: ConnectRouter): void {
    router.service(ModelService, {
      uploadModel: async (requests, context) => {
        this.#enter(context, 'uploadModel', undefined);
        const hash = createHash('sha256');
        let name = '';
        let wanted = '';
        let size = 0n;
        for await (const { parent, modelId, sha256, content } of requests) {
          if (name === '') {
            name = `${this.#own(parent)}/models/${modelId}`;
            wanted = sha256;
            const kept = this.models.get(name);
            if (kept?.sha256 === sha256) return kept;
          }
          hash.update(content?.data ?? new Uint8Array());
          size += BigInt(content?.data.length ?? 0);
          this.uploadedBytes += content?.data.length ?? 0;
        }
        const sha256 = hash.digest('hex');
        if (sha256 !== wanted) throw new ConnectError('sha256 differs', Code.InvalidArgument);
        const inputs = [{ name: 'X', type: 'float32', shape: [-1n, 4n] }];
        const model = create(ModelSchema, { name, sha256, sizeBytes: size, inputs });
        this.models.set(name, model);
        return model;
      },
      getModel: (request, context) => {
        this.#enter(context, 'getModel', request);
        return this.models.get(this.#own(request.name)) ?? missing('model', request.name);
      },
      listModels: (request, context) => {
        this.#enter(context, 'listModels', request);
        return { models: [...this.models.values()] };
      },
      deleteModel: (request, context) => {
        this.#enter(context, 'deleteModel', request);
        throw new ConnectError('A task uses the model.', Code.FailedPrecondition);
      },
      predict: (request, context) => {
        this.#enter(context, 'predict', request);
        return { predictions: request.rows.map((_, index) => ({ label: index })) };
      },
    });
  }

  #enter(context: HandlerContext, method: string, message: unknown): void {
    this.seen.push({ method, message });
    if (context.requestHeader.get('authorization') === `Bearer ${token}`) return;
    throw new ConnectError('Credentials are missing or wrong.', Code.Unauthenticated);
  }

  #task(name: string): Task {
    return this.tasks.get(name) ?? missing('task', name);
  }

  #own(name: string): string {
    return name.replace(/^users\/me(?=\/|$)/, 'users/alice');
  }

  #covers(target: string, name: string): boolean {
    const own = this.#own(target);
    return own === 'users/-' || name === own || name.startsWith(`${own}/`);
  }
}

function missing(what: string, name: string): never {
  const reason = `${what.toUpperCase()}_NOT_FOUND`;
  throw new ConnectError(`There is no ${what} ${name}.`, Code.NotFound, undefined, [
    { desc: ErrorInfoSchema, value: { reason, domain: 'predictd' } },
  ]);
}

function sameTopic(): ConnectError {
  const field = 'task.spec.sink.topic';
  const description = 'Choose a topic other than the source.';
  return new ConnectError('The request does not make sense.', Code.InvalidArgument, undefined, [
    { desc: BadRequestSchema, value: { fieldViolations: [{ field, description }] } },
  ]);
}
