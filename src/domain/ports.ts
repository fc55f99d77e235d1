import type { FieldViolation } from './errors.js';
import type { Event, EventDraft } from './event.js';
import type { Counters, Execution, Live } from './execution.js';
import type { Model, TensorInfo } from './model.js';
import type { ModelWish } from './model-wish.js';
import type { State } from './state.js';
import type { Target } from './target.js';
import type { OnnxPredictor, Task, TaskSpec } from './task.js';
import type { StoredCredentials, User } from './user.js';

/** Where everything is kept. One process writes; SQLite implements it, PostgreSQL can. */
export interface Store extends Reads {
  /**
   * Runs `work` alone and atomically: all of its writes are on disk when the promise resolves, or none if it throws.
   * STORE_UNAVAILABLE if the disk refuses.
   */
  write<T>(work: (writes: Writes) => Promise<T>): Promise<T>;
  /** Ends after the writes under way. */
  close(): Promise<void>;
}

/** Page of a list, by keyset: rows after `after`, at most `limit`. */
export interface Page<Key> {
  readonly after?: Key;
  readonly limit: number;
}

export type TaskOrder = 'name' | 'createdAt' | 'updatedAt';

export interface TaskQuery {
  /** Owner; absent: of all users. */
  readonly user?: string;
  readonly order: TaskOrder;
  readonly descending: boolean;
  /** Sort value and id of the last row of the page before. */
  readonly after?: { readonly value: string | number; readonly id: number };
  readonly limit: number;
}

/** A task and its newest execution as they are stored, of one moment. */
export interface TaskWithNewest {
  readonly task: Task;
  /** Absent if the task never ran. */
  readonly newest?: Execution;
}

export interface Reads {
  userByName(name: string): Promise<User | undefined>;
  userByTokenHash(tokenHash: string): Promise<User | undefined>;
  listUsers(page: Page<string>): Promise<User[]>;

  taskByName(user: string, name: string): Promise<Task | undefined>;
  taskById(id: number): Promise<Task | undefined>;
  taskByUid(uid: string): Promise<Task | undefined>;
  listTasks(query: TaskQuery): Promise<Task[]>;
  taskWithNewest(user: string, name: string): Promise<TaskWithNewest | undefined>;
  listTasksWithNewest(query: TaskQuery): Promise<TaskWithNewest[]>;
  countTasks(user: string): Promise<number>;

  executionById(id: number): Promise<Execution | undefined>;
  executionByUid(uid: string): Promise<Execution | undefined>;
  executionByNumber(taskId: number, number: number): Promise<Execution | undefined>;
  newestExecution(taskId: number): Promise<Execution | undefined>;
  /** Newest first; `after` is the number of the last one of the page before. */
  listExecutions(taskId: number, page: Page<number>): Promise<Execution[]>;
  /** Newest first over all tasks of a user (absent: of all), in these states (absent: in all); `after` is an id. */
  listExecutionsOfUser(
    user: string | undefined,
    page: Page<number>,
    states?: readonly State[],
  ): Promise<Execution[]>;
  /** Those that continue this one, oldest first. */
  executionsContinuing(id: number): Promise<Execution[]>;
  /** All that have not ended. */
  activeExecutions(): Promise<Execution[]>;
  /** Which executions there are of each task that has some; `after` is a task's id, and old is what ended before `oldBefore`. */
  executionSpans(page: Page<number>, oldBefore: number): Promise<ExecutionSpan[]>;

  /** By the tasks' ids, of a user's tasks (absent: of all users'); `after` is a task's id. */
  listTallies(user: string | undefined, page: Page<number>): Promise<TaskTally[]>;

  /** In order; `after` is a sequence. */
  listEvents(taskId: number, page: Page<number>): Promise<Event[]>;
  /** In order, of a user's tasks (absent: of all users'). */
  eventsAfter(sequence: number, user: string | undefined, limit: number): Promise<Event[]>;
  /** Bounds of the history that is kept; both 0 if it is empty. */
  eventBounds(): Promise<{ first: number; last: number }>;

  modelByName(user: string, name: string): Promise<Model | undefined>;
  modelBySha256(sha256: string): Promise<Model | undefined>;
  listModels(user: string, page: Page<string>): Promise<Model[]>;
  countModels(user: string): Promise<number>;
  /** Tasks of the user whose spec names the model, at most `limit`. */
  tasksUsingModel(user: string, model: string, limit: number): Promise<Task[]>;

  targetByName(name: string): Promise<Target | undefined>;
  targetByUid(uid: string): Promise<Target | undefined>;
  /** By name. */
  listTargets(page: Page<string>): Promise<Target[]>;
  countTargets(user: string): Promise<number>;

  /** What was answered to a request id of this caller, if it was asked within a day. */
  answerOf(caller: string, requestId: string): Promise<RequestAnswer | undefined>;
}

/** Numbers of a task's executions. */
export interface ExecutionSpan {
  readonly taskId: number;
  readonly oldest: number;
  readonly newest: number;
  /** The first one that is not old; absent if all are. */
  readonly firstYoung?: number;
}

/** What the executions of a task counted, as far as it is stored. */
export interface TaskTally {
  readonly taskId: number;
  readonly user: string;
  readonly name: string;
  /** Of all executions before the newest one, those that were forgotten since among them. */
  readonly settled: { readonly counters: Counters; readonly restarts: number };
  /** Absent if the task never ran. */
  readonly newest?: {
    readonly number: number;
    readonly state: State;
    readonly restarts: number;
    readonly counters: Counters;
  };
}

/** What a request id was first used for. */
export interface RequestAnswer {
  readonly caller: string;
  readonly requestId: string;
  readonly method: string;
  /** SHA-256 of the request, so that an id used for another request is seen. */
  readonly fingerprint: string;
  /** Id of the thing that was made. */
  readonly resourceId: number;
  readonly at: number;
}

export interface Writes extends Reads {
  /** The next id of the one sequence that covers tasks, executions and files. */
  nextId(): Promise<number>;

  insertUser(user: User): Promise<void>;
  updateCredentials(id: number, credentials: StoredCredentials): Promise<void>;
  /** With what was answered to them: another one may get the name. */
  deleteUser(name: string): Promise<void>;

  insertTask(task: Task): Promise<void>;
  updateTask(task: Task): Promise<void>;
  /** Also its executions. Its events stay until retention takes them, so that watchers can catch up. */
  deleteTask(id: number): Promise<void>;

  insertExecution(execution: Execution): Promise<void>;
  updateExecution(execution: Execution): Promise<void>;
  /** Writes progress only, and only while the row still has this epoch. */
  updateProgress(executions: readonly Execution[]): Promise<void>;
  /** Deletes the ended ones of these numbers, both included; answers how many. */
  deleteExecutions(taskId: number, from: number, to: number): Promise<number>;

  appendEvent(draft: EventDraft): Promise<Event>;
  /**
   * Drops events beyond the newest `keepPerTask` of each task and older than `before`, but no more than `most`; answers how
   * many.
   */
  trimEvents(keepPerTask: number, before: number, most?: number): Promise<number>;

  insertModel(model: Model): Promise<void>;
  deleteModel(id: number): Promise<void>;

  insertTarget(target: Target): Promise<void>;
  deleteTarget(id: number): Promise<void>;

  rememberAnswer(answer: RequestAnswer): Promise<void>;
  /** Forgets answers older than `before`. */
  forgetAnswers(before: number): Promise<void>;
}

/** The time, so that tests can set it. Milliseconds since 1970. */
export interface Clock {
  now(): number;
}

/** Runs executions. Its answers are durable: what it acknowledged survives a crash of everything. */
export interface Supervisor {
  /** TASK_ALREADY_STARTED, TASK_STOPPING or TASKS_MAX_REACHED if it cannot. */
  start(task: Task, request: StartRequest): Promise<Execution>;
  /**
   * Starts executions of different tasks that run one after another, each when the one before has completed; all of
   * them or none are made. If one does not complete, those after it are cancelled. TASK_ALREADY_STARTED or
   * TASK_STOPPING, naming the task, if one cannot start.
   */
  startSequence(parts: readonly SequencePart[], actor: string): Promise<readonly Execution[]>;
  /** Resolves when the execution has ended and freed everything; the wish itself is durable before. */
  stop(task: Task, request: StopRequest): Promise<void>;
  /** Stops the task, then deletes it with its executions, all as one step for everybody else. */
  remove(task: Task, request: StopRequest): Promise<void>;
  /**
   * Notes which models are to score, for the execution that runs or else for the next one. MODEL_NOT_FOUND, ETAG_MISMATCH,
   * NO_SHADOW_MODEL or NO_PREVIOUS_MODEL if it cannot.
   */
  changeModels(task: Task, request: ModelsRequest): Promise<void>;
  /** The newest execution as it is now, fresher than the store's row, and what is known of its runner. */
  observe(taskId: number): Promise<Observation>;
  /** The same of an execution that has not ended; undefined if the task has none now. */
  observeRun(taskId: number): Observation | undefined;
  /** By task, all executions that have not ended, as they are now. */
  observeActive(): ReadonlyMap<number, Observation>;
}

export interface StartRequest {
  /** `users/{user}`. */
  readonly actor: string;
  readonly whenFull: 'QUEUE' | 'REFUSE';
  /** Remembered together with the start. */
  readonly answer?: Omit<RequestAnswer, 'resourceId' | 'at'>;
}

/** One place in a sequence. */
export interface SequencePart {
  readonly task: Task;
  /** What this execution runs, instead of what the task says. */
  readonly spec: TaskSpec;
}

export interface StopRequest {
  readonly actor: string;
  /** Kill the runner instead of letting it finish its micro-batch. */
  readonly force: boolean;
  /** Number of the execution that is meant: if it has ended, nothing is stopped. Absent: the task, whatever it does. */
  readonly execution?: number;
}

export interface ModelsRequest {
  readonly wish: ModelWish;
  /** `users/{user}`. */
  readonly actor: string;
  /** If not empty, only the task with this etag is changed. */
  readonly etag: string;
  /** Remembered together with the change. */
  readonly answer?: Omit<RequestAnswer, 'resourceId' | 'at'>;
}

export interface Observation {
  readonly execution?: Execution;
  /** Absent when no runner is there. */
  readonly live?: Live;
  /** Whether the lease holds, the runner answers and its data loop turns. */
  readonly processIsAlive: boolean;
}

/** What watchers are told. */
export type Change =
  /** A durable event, in the order of sequences. */
  | { readonly type: 'event'; readonly event: Event }
  /** Counters, rates or lag of a task moved. */
  | { readonly type: 'progress'; readonly taskId: number; readonly user: string };

/** In-process feed of changes. Listeners must not block. */
export interface ChangeFeed {
  publish(change: Change): void;
  /** Call the answer to unsubscribe. */
  subscribe(listener: (change: Change) => void): () => void;
}

/** Runs models in throw-away processes, because a native model can hang or abort the process that it is in. */
export interface ModelRunner {
  /** Loads the file, runs it once on zeros and reads its signature; MODEL_INVALID with the cause if it cannot. */
  check(path: string): Promise<{ inputs: readonly TensorInfo[]; outputs: readonly TensorInfo[] }>;
  /** Scores rows of JSON records; INVALID_FIELD with `rows[i]` if one does not fit, PREDICTION_TIMEOUT. */
  predict(request: {
    readonly model: Model;
    readonly predictor: OnnxPredictor;
    readonly rows: readonly unknown[];
  }): Promise<unknown[]>;
  /** Connects, reads up to `records` records of the task's source and scores them; writes and commits nothing. */
  dryRun(request: {
    readonly spec: TaskSpec;
    readonly model: Model;
    readonly records: number;
  }): Promise<DryRun>;
  /**
   * Scores the records of files, one JSON object a line or an array of them, and writes the predictions to the sink: of
   * all records or, with INVALID_FIELD that names the file and the line, of none.
   */
  scoreFiles(request: {
    readonly spec: TaskSpec;
    readonly model: Model;
    readonly taskUid: string;
    /** Absolute paths. */
    readonly files: readonly string[];
  }): Promise<{ readonly records: number }>;
}

export interface DryRun {
  readonly faults: readonly FieldViolation[];
  readonly records: readonly DryRunRecord[];
}

export interface DryRunRecord {
  readonly partition: number;
  readonly offset: number;
  readonly key: string;
  /** As text, cut after 4096 characters. */
  readonly input: string;
  /** Absent if it cannot be scored. */
  readonly output?: Readonly<Record<string, unknown>>;
  /** Empty if it can. */
  readonly error: string;
}

/** Where model files lie, by their SHA-256. */
export interface ModelFiles {
  /** Receives a file; nothing of it stays unless `keep` is called. */
  receive(maxBytes: number): Promise<IncomingFile>;
  /** Absolute path of a kept file. */
  path(sha256: string): string;
  remove(sha256: string): Promise<void>;
}

export interface IncomingFile {
  /** MODEL_TOO_LARGE beyond the limit. */
  append(chunk: Uint8Array): Promise<void>;
  /** Flushes to disk and answers the hash and size; the file can be read at `path` until kept or dropped. */
  finish(): Promise<{ sha256: string; sizeBytes: number; path: string }>;
  /** Moves it to its final, read-only place. */
  keep(): Promise<void>;
  /** Deletes it; safe to call after `keep`. */
  drop(): Promise<void>;
}
