import assert from 'node:assert/strict';
import { DomainError } from '../../src/domain/errors.js';
import { type Execution, noCounters, noProgress } from '../../src/domain/execution.js';
import { admissible } from '../../src/domain/fleet.js';
import { limits } from '../../src/domain/limits.js';
import type { ModelRef } from '../../src/domain/model.js';
import type { ModelWish } from '../../src/domain/model-wish.js';
import type { Run } from '../../src/domain/run.js';
import type { RunnerReport } from '../../src/domain/runner-report.js';
import { isFinal } from '../../src/domain/state.js';
import { step } from '../../src/domain/step.js';
import type { Effect, Input, Step } from '../../src/domain/step-input.js';
import type { TaskSpec } from '../../src/domain/task.js';

/** A small generator of numbers from 0 to 1 that a seed repeats (mulberry32). */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** A process of the simulated machine. It may go on after the service has given it up: a zombie. */
interface Process {
  readonly taskId: number;
  readonly epoch: number;
  alive: boolean;
  /** Asked for, but not there yet. */
  starting: boolean;
  hung: boolean;
  stopping: boolean;
  /** SHA-256 of the model that it scores with. */
  model: string;
  /** What it was told to load, or found in its start message. */
  readonly loads: Set<string>;
  readonly loaded: Set<string>;
}

/** What the checker knows of an execution, kept apart from the code under test. */
interface Witness {
  state: string;
  epoch: number;
  stopAsked: boolean;
  readySaid: boolean;
  restartCount: number;
  active: string;
}

const spec: TaskSpec = {
  source: {
    topic: 'in',
    format: 'JSON',
    bootstrapServers: [],
    startFrom: 'EARLIEST',
    consumerGroup: '',
    options: {},
    schemaRegistryUrl: '',
  },
  sink: { topic: 'out', format: 'JSON', fields: {} },
  predictor: { type: 'onnx', model: 'm', features: [], inputs: {}, missingAsNan: false },
  until: 'STOPPED',
  guarantee: 'EXACTLY_ONCE',
  parallelism: 1,
  batch: { maxRecords: 4_000, maxWaitMs: 50 },
  onBadRecord: 'DEAD_LETTER',
  deadLetterTopic: 'out.dead-letter',
  heapMinMib: 1_024,
  heapMaxMib: 2_048,
  maxRestarts: 3,
};

const models: readonly ModelRef[] = [0, 1, 2, 3].map((n) => ({ name: `m${n}`, sha256: `sha${n}` }));

const tasks = 6;
const tasksMax = 3;

/** A machine with a service, a disk and runners on it, driven by a seed; every step is checked. */
export class Simulation {
  readonly #random: () => number;
  #now = 1_000_000;
  #nextId = 1;
  /** What the service has in memory, and what its disk has. */
  #memory = new Map<number, Run>();
  #disk = new Map<number, Execution>();
  #processes: Process[] = [];
  #recovering = false;
  readonly #witnesses = new Map<number, Witness>();
  readonly counts = new Map<string, number>();

  constructor(seed: number) {
    this.#random = seededRandom(seed);
  }

  /** One thing happens. */
  advance(): void {
    this.#now += Math.floor(this.#random() * 3_000);
    const taskId = 1 + Math.floor(this.#random() * tasks);
    const dice = this.#random();
    if (dice < 0.12) this.#start(taskId);
    else if (dice < 0.17) this.#tell(taskId, this.#stopInput());
    else if (dice < 0.21) this.#wish(taskId);
    else if (dice < 0.75) this.#processActs();
    else if (dice < 0.78) this.#processTrouble();
    else if (dice < 0.785) this.#crashService();
    else this.#tick();
    this.#check();
  }

  /** Stops trouble and starts, and lets time pass until nothing more can happen; then no stop may be pending. */
  settle(): void {
    for (let round = 0; round < 400; round += 1) {
      this.#now += 1_000;
      for (const process of this.#processes) {
        if (process.starting) this.#spawned(process);
        else if (process.stopping) this.#exit(process, 'stopped');
      }
      for (const taskId of this.#memory.keys()) this.#tell(taskId, { type: 'tick' }, true);
      this.#check();
    }
    for (const { execution } of this.#memory.values()) {
      assert.notEqual(execution.state, 'STOPPING', 'a stop ends, whatever the runner does');
    }
  }

  #chance(probability: number): boolean {
    return this.#random() < probability;
  }

  #start(taskId: number): void {
    if (this.#memory.has(taskId)) return;
    const execution: Execution = {
      id: this.#nextId++,
      uid: '',
      taskId,
      number: this.#nextId,
      state: 'QUEUED',
      reason: '',
      message: '',
      stateAt: this.#now,
      epoch: 0,
      generation: 1,
      spec,
      actor: 'users/u',
      createdAt: this.#now,
      lastError: '',
      restartCount: 0,
      restartsInRow: 0,
      progress: noProgress,
      scoring: { active: models[0] as ModelRef },
    };
    if (this.#chance(0.02)) return;
    this.#disk.set(taskId, execution);
    this.#memory.set(taskId, { execution });
    this.#witnesses.set(taskId, {
      state: 'QUEUED',
      epoch: 0,
      stopAsked: false,
      readySaid: false,
      restartCount: 0,
      active: execution.scoring?.active.sha256 ?? '',
    });
    this.#admit();
  }

  #stopInput(): Input {
    return { type: 'stop', actor: 'users/u', force: this.#chance(0.3) };
  }

  #admit(): void {
    if (this.#recovering) return;
    for (const run of admissible(this.#memory.values(), tasksMax)) {
      this.#tell(run.execution.taskId, { type: 'admit' });
    }
  }

  /** The service takes an input: it decides, writes (the disk may refuse), shows, acts. */
  #tell(taskId: number, input: Input, diskWorks = false): void {
    const run = this.#memory.get(taskId);
    if (!run) return;
    // A step that changed what it was given would throw.
    Object.freeze(run.execution);
    Object.freeze(run.runner);
    const decided = step(run, input, { now: this.#now, random: this.#random });
    this.#count(input.type);
    if (decided.events.length > 0 && !diskWorks && this.#chance(0.02)) {
      // Facts are told again until they are taken; wishes are refused to the caller.
      if (input.type === 'exited' || input.type === 'spawn-failed') this.#tell(taskId, input);
      return;
    }
    this.#witness(taskId, input, decided);
    if (decided.events.length > 0) this.#disk.set(taskId, decided.run.execution);
    if (isFinal(decided.run.execution.state)) this.#memory.delete(taskId);
    else this.#memory.set(taskId, decided.run);
    for (const effect of decided.effects) this.#act(taskId, effect);
    if (decided.events.length > 0) this.#admit();
  }

  #act(taskId: number, effect: Effect): void {
    const process = this.#processes.find(
      (one) => one.taskId === taskId && one.epoch === effect.epoch,
    );
    if (effect.type === 'spawn') {
      this.#processes.push({
        taskId,
        epoch: effect.epoch,
        alive: true,
        starting: true,
        hung: false,
        stopping: false,
        model: '',
        loads: new Set(),
        loaded: new Set(),
      });
    } else if (process?.alive) {
      if (effect.type === 'stop') process.stopping = true;
      else if (effect.type === 'load-model') process.loads.add(effect.model.sha256);
      else if (effect.type === 'use-model') this.#use(process, effect.sha256);
      else if (effect.type === 'drop-model') {
        process.loads.delete(effect.sha256);
        process.loaded.delete(effect.sha256);
      } else if (!process.starting) this.#exit(process, undefined, 'SIGKILL');
    }
  }

  /** Somebody wants another model; what makes no sense is refused to the caller. */
  #wish(taskId: number): void {
    const model = models[Math.floor(this.#random() * models.length)] as ModelRef;
    const wishes: ModelWish[] = [
      { type: 'swap', model },
      { type: 'swap', model },
      { type: 'shadow', model },
      { type: 'promote' },
      { type: 'drop' },
      { type: 'rollback' },
    ];
    const wish = wishes[Math.floor(this.#random() * wishes.length)] as ModelWish;
    try {
      this.#tell(taskId, { type: 'wish', wish, actor: 'users/u' });
    } catch (error) {
      if (!(error instanceof DomainError)) throw error;
    }
  }

  /** It scores with another model: one that it holds, and that the disk has as the active one. */
  #use(process: Process, sha256: string): void {
    assert.ok(process.loaded.has(sha256), 'only a loaded model is used');
    process.model = sha256;
    this.#count('swapped');
  }

  /** The process has tried a model: it holds it now, or cannot. */
  #tried(process: Process): void {
    const [sha256] = process.loads;
    if (sha256 === undefined) return;
    const { taskId, epoch } = process;
    process.loads.delete(sha256);
    if (this.#chance(0.3)) {
      const cause = { reason: 'MODEL_LOAD_FAILED', message: 'It is no model.' };
      this.#tell(taskId, { type: 'model-refused', epoch, sha256, cause });
      return;
    }
    process.loaded.add(sha256);
    this.#tell(taskId, { type: 'model-loaded', epoch, sha256 });
  }

  #exit(process: Process, outcome?: 'stopped' | 'completed', signal = ''): void {
    if (!process.alive) return;
    process.alive = false;
    this.#processes = this.#processes.filter((one) => one !== process);
    const { taskId, epoch } = process;
    if (outcome) this.#tell(taskId, { type: 'ended', epoch, outcome: { type: outcome } });
    this.#tell(taskId, { type: 'exited', epoch, exit: { signal, reason: '', message: '' } });
  }

  #processActs(): void {
    const process = this.#processes[Math.floor(this.#random() * this.#processes.length)];
    if (!process || process.hung) return;
    const { taskId, epoch } = process;
    if (process.starting) this.#spawned(process);
    else if (process.stopping && this.#chance(0.5)) this.#exit(process, 'stopped');
    else if (process.loads.size > 0 && this.#chance(0.4)) this.#tried(process);
    else if (this.#chance(0.3)) this.#tell(taskId, { type: 'ready', epoch });
    else if (this.#chance(0.01)) this.#exit(process, 'completed');
    else this.#tell(taskId, { type: 'heartbeat', epoch, report: this.#report() });
  }

  /** The process that was asked for is there, or cannot be made; a kill that came before it is done now. */
  #spawned(process: Process): void {
    const { taskId, epoch } = process;
    if (this.#chance(0.05)) {
      this.#processes = this.#processes.filter((one) => one !== process);
      const cause = { reason: 'SPAWN_FAILED', message: 'no memory', fatal: this.#chance(0.2) };
      this.#tell(taskId, { type: 'spawn-failed', epoch, cause });
      return;
    }
    process.starting = false;
    const { active, update } = this.#disk.get(taskId)?.scoring ?? {};
    process.model = active?.sha256 ?? '';
    if (update?.state === 'LOADING' && update.use === 'SWAP') {
      process.loads.add(update.model.sha256);
    }
    this.#tell(taskId, { type: 'spawned', epoch, processId: 4_711 });
    if (this.#memory.get(taskId)?.runner?.killed) this.#exit(process, undefined, 'SIGKILL');
  }

  /** A runner dies, hangs, says that it failed, or lies about its epoch. */
  #processTrouble(): void {
    const process = this.#processes[Math.floor(this.#random() * this.#processes.length)];
    if (!process || process.starting) return;
    const { taskId, epoch } = process;
    const dice = this.#random();
    if (dice < 0.4) this.#exit(process, undefined, 'SIGSEGV');
    else if (dice < 0.6) process.hung = true;
    else if (dice < 0.8) {
      const fatal = this.#chance(0.2);
      const offset = Math.floor(this.#random() * 3);
      const suspects = [{ partition: 0, from: offset, to: offset + (this.#chance(0.5) ? 0 : 2) }];
      const hung = { reason: 'MODEL_HUNG', message: 'It hung.', fatal: false, suspects };
      const broken = { reason: 'BROKEN', message: 'It broke.', fatal };
      const outcome = { type: 'failed', ...(this.#chance(0.5) ? hung : broken) } as const;
      this.#tell(taskId, { type: 'ended', epoch, outcome });
      this.#exit(process);
    } else this.#zombieSpeaks(taskId, epoch);
  }

  #zombieSpeaks(taskId: number, epoch: number): void {
    const run = this.#memory.get(taskId);
    if (!run || epoch < 1) return;
    const lies: Input[] = [
      { type: 'ready', epoch: epoch - 1 },
      { type: 'heartbeat', epoch: epoch - 1, report: this.#report() },
      { type: 'model-loaded', epoch: epoch - 1, sha256: 'sha1' },
      {
        type: 'model-refused',
        epoch: epoch - 1,
        sha256: 'sha1',
        cause: { reason: 'LIE', message: 'A lie.' },
      },
      { type: 'ended', epoch: epoch - 1, outcome: { type: 'completed' } },
      { type: 'exited', epoch: epoch - 1, exit: { signal: '', reason: '', message: '' } },
    ];
    for (const lie of lies) {
      const decided = step(run, lie, { now: this.#now, random: this.#random });
      assert.equal(decided.run, run, 'what an older runner says is not believed');
      assert.deepEqual([decided.events, decided.effects], [[], []]);
    }
  }

  #report(): RunnerReport {
    const stalled = this.#chance(0.05);
    return {
      loopAgeMs: 0,
      progressAgeMs: stalled ? limits.stallMs + Math.floor(this.#random() * 60_000) : 0,
      memoryBytes: 1,
      recordsPerSecond: 1,
      counters: noCounters,
      partitions: [{ partition: 0, offset: 1, endOffset: 2, lag: 1 }],
      percentComplete: 50,
      modelSha256: '',
      conditions: [
        {
          type: 'KafkaConnected',
          status: this.#chance(0.05) ? 'FALSE' : 'TRUE',
          reason: 'DISCONNECTED',
          message: 'No broker answers.',
        },
      ],
    };
  }

  /** kill -9 of the service: memory is gone, its runners end with it, the disk stays. */
  #crashService(): void {
    this.#count('crash');
    this.#memory = new Map();
    this.#processes = [];
    for (const [taskId, execution] of this.#disk) {
      if (isFinal(execution.state)) continue;
      this.#memory.set(taskId, { execution });
      const witness = this.#witnesses.get(taskId);
      if (witness) Object.assign(witness, { state: execution.state, epoch: execution.epoch });
    }
    // The service takes up everything in one step before it gives free places away.
    this.#recovering = true;
    for (const taskId of [...this.#memory.keys()]) this.#tell(taskId, { type: 'recover' }, true);
    this.#recovering = false;
    this.#admit();
  }

  #tick(): void {
    for (const taskId of [...this.#memory.keys()]) this.#tell(taskId, { type: 'tick' });
    this.#admit();
  }

  /** The independent model: what may follow what, said a second time in other words. */
  #witness(taskId: number, input: Input, decided: Step): void {
    const witness = this.#witnesses.get(taskId);
    assert.ok(witness);
    const { execution } = decided.run;
    if (input.type === 'stop') witness.stopAsked = true;
    if (input.type === 'ready' && input.epoch === execution.epoch) witness.readySaid = true;
    let state = witness.state;
    for (const event of decided.events) {
      if (event.toState === undefined) continue;
      assert.equal(event.fromState, state, 'events tell of every change, in order');
      state = event.toState;
    }
    assert.equal(state, execution.state, 'the events end in the state');
    assert.ok(execution.epoch >= witness.epoch, 'epochs never go back');
    if (execution.epoch > witness.epoch) {
      assert.equal(execution.epoch, witness.epoch + 1);
      assert.ok(!witness.stopAsked, 'nothing is started after a stop');
      witness.readySaid = false;
    }
    if (state === 'RUNNING' && witness.state === 'STARTING') {
      assert.ok(witness.readySaid, 'RUNNING only after the newest runner was ready');
    }
    const active = execution.scoring?.active.sha256 ?? '';
    if (active !== witness.active) {
      const told = decided.events.some(({ reason }) => reason === 'MODEL_SWAPPED');
      assert.ok(told && decided.scoring, 'a swap is told, and kept for the next execution');
    }
    if (decided.events.some(({ reason }) => reason === 'UPDATE_BLOCKED')) {
      assert.equal(active, witness.active, 'a model that is refused changes nothing');
      this.#count('blocked');
    }
    if (decided.events.some(({ reason }) => reason === 'MODEL_HUNG' && execution.suspects)) {
      this.#count('condemned');
    }
    assert.ok(execution.restartsInRow <= spec.maxRestarts, 'the budget holds');
    assert.ok(execution.restartCount >= witness.restartCount);
    if (isFinal(execution.state)) {
      assert.notEqual(execution.endedAt, undefined);
      this.#count(execution.state);
    }
    const { epoch, restartCount } = execution;
    Object.assign(witness, { state, epoch, restartCount, active });
  }

  /** What must hold at every moment. */
  #check(): void {
    let places = 0;
    for (const [taskId, { execution, runner }] of this.#memory) {
      if (execution.state !== 'QUEUED') places += 1;
      assert.ok(!isFinal(execution.state), 'ended executions leave the memory');
      const alive = this.#processes.filter((process) => process.taskId === taskId && process.alive);
      assert.ok(alive.length <= 1, 'a task has at most one runner');
      const needsRunner = ['STARTING', 'RUNNING', 'DEGRADED', 'STOPPING'].includes(execution.state);
      assert.equal(runner !== undefined, needsRunner, `${execution.state} and its runner agree`);
      if (alive[0]) assert.equal(alive[0].epoch, execution.epoch);
      const durable = this.#disk.get(taskId);
      assert.equal(durable?.state, execution.state, 'memory never shows what the disk has not');
      assert.deepEqual(execution.scoring, durable?.scoring, 'nor other models');
      if (alive[0] && !alive[0].starting) {
        assert.equal(alive[0].model, durable?.scoring?.active.sha256, 'what scores is on disk');
      }
    }
    assert.ok(places <= tasksMax, `at most ${tasksMax} at once`);
  }

  #count(what: string): void {
    this.counts.set(what, (this.counts.get(what) ?? 0) + 1);
  }
}
