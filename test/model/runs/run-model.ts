import { done, type Expected, refused } from '../proposal.ts';

/** The rules of runs once more, in as few words as will do. */

export type State = 'waiting' | 'queued' | 'leased' | 'succeeded' | 'failed' | 'canceled' | 'dead_letter';
export type Handler = 'echo' | 'collect';
export const handlers: readonly Handler[] = ['echo', 'collect'];

export interface Worker {
  readonly credential: 'runner' | 'otherRunner';
  readonly id: string;
}

export interface Claim {
  readonly id: string;
  readonly task: Task;
  readonly worker: Worker;
  until: number;
}

export interface Task {
  id: string;
  readonly run: Run;
  readonly handler: Handler;
  readonly once: 'succeeded' | 'ended';
  readonly parents: Task[];
  readonly children: Task[];
  readonly mostAttempts: number;
  state: State;
  attempts: number;
  charged: number;
  /** When it became ready, as a place among all that ever did. */
  place: number;
  restsUntil: number | null;
  claim: Claim | null;
  /** What was heard of it last, and by which claim. */
  told: { readonly claim: Claim; readonly word: string } | null;
}

export interface Run {
  id: string;
  readonly ends: 'with_its_steps' | 'when_told';
  readonly expiresAt: number;
  readonly tasks: Task[];
  state: 'open' | 'succeeded' | 'failed' | 'canceled';
}

export interface Wanted {
  readonly handler: Handler;
  readonly once: 'succeeded' | 'ended';
  /** Places among the tasks that the run has by then. */
  readonly after: readonly number[];
  readonly mostAttempts: number;
}

export const GIVEN_BACK_MS = { draining: 0, not_delivered: 0, busy: 1_000, not_configured: 60_000 } as const;
export type Reason = keyof typeof GIVEN_BACK_MS;

const over: readonly State[] = ['succeeded', 'failed', 'canceled', 'dead_letter'];
export const hasEnded = ({ state }: Task) => over.includes(state);
const lets = (parent: Task, once: Wanted['once']) =>
  once === 'succeeded' ? parent.state === 'succeeded' : hasEnded(parent);

export class RunModel {
  now = 0;
  readonly runs: Run[] = [];
  readonly claims: Claim[] = [];
  #places = 0;

  get tasks(): readonly Task[] {
    return this.runs.flatMap(({ tasks }) => tasks);
  }

  begin(ends: Run['ends'], expiresAt: number): Run {
    const run: Run = { id: '', ends, expiresAt, tasks: [], state: 'open' };
    this.runs.push(run);
    return run;
  }

  /** Adds tasks; `behind` is one that they all follow, which has succeeded by then. */
  add(run: Run, wanted: readonly Wanted[], behind: readonly Task[] = []): Task[] {
    return wanted.map(({ after, handler, mostAttempts, once }) => {
      const named = after.flatMap((place) => run.tasks[place] ?? []);
      const parents = [...new Set([...behind, ...named])];
      const task: Task = {
        id: '',
        run,
        handler,
        once,
        parents,
        children: [],
        mostAttempts,
        state: 'waiting',
        attempts: 0,
        charged: 0,
        place: 0,
        restsUntil: null,
        claim: null,
        told: null,
      };
      run.tasks.push(task);
      for (const parent of parents) parent.children.push(task);
      if (named.every((parent) => lets(parent, once))) this.#ready(task);
      return task;
    });
  }

  /** What a claim gets, in the order in which the worker names its handlers. */
  due(wanted: readonly Handler[], limit: number): Task[] {
    return wanted
      .flatMap((handler) =>
        this.tasks
          .filter((task) => task.handler === handler && task.state === 'queued' && task.restsUntil === null)
          .toSorted((a, b) => a.place - b.place),
      )
      .slice(0, limit);
  }

  hold(task: Task, id: string, worker: Worker, seconds: number): void {
    task.state = 'leased';
    task.attempts += 1;
    task.claim = { id, task, worker, until: this.now + seconds * 1_000 };
    this.claims.push(task.claim);
  }

  renew(claim: Claim, worker: Worker, seconds: number): Expected {
    const refusal = refusalOf(claim, worker);
    if (refusal !== undefined) return refusal;
    claim.until = Math.max(claim.until, this.now + seconds * 1_000);
    return done();
  }

  giveBack(claim: Claim, worker: Worker, reason: Reason): Expected {
    const refusal = refusalOf(claim, worker);
    if (refusal !== undefined) return refusal;
    const rest = GIVEN_BACK_MS[reason];
    this.#back(claim.task, rest === 0 ? null : this.now + rest);
    return done();
  }

  /** Where it is accepted, `follow` adds what comes after it. */
  complete(claim: Claim, worker: Worker, word: string, follow: () => void): Expected {
    const heard = heardOf(claim, worker, word) ?? refusalOf(claim, worker);
    if (heard !== undefined) return heard;
    claim.task.told = { claim, word };
    claim.task.claim = null;
    claim.task.charged += 1;
    claim.task.state = 'succeeded';
    follow();
    this.#ended(claim.task);
    return done();
  }

  fail(claim: Claim, worker: Worker, word: string, retryAfter: number | null): Expected {
    const heard = heardOf(claim, worker, word) ?? refusalOf(claim, worker);
    if (heard !== undefined) return heard;
    const { task } = claim;
    task.told = { claim, word };
    task.charged += 1;
    if (retryAfter === null) this.#end(task, 'failed');
    else if (task.charged >= task.mostAttempts) this.#end(task, 'dead_letter');
    else this.#back(task, this.now + retryAfter);
    return done();
  }

  cancelTask(task: Task): Expected {
    if (task.state === 'canceled') return done();
    if (hasEnded(task)) return refused('task_ended');
    this.#end(task, 'canceled');
    return done();
  }

  finish(run: Run, outcome: 'succeeded' | 'failed'): Expected {
    if (run.state === outcome) return done();
    if (run.state !== 'open') return refused('run_ended');
    if (run.tasks.some((task) => !hasEnded(task))) return refused('run_not_idle');
    run.state = outcome;
    return done();
  }

  cancel(run: Run): Expected {
    if (run.state === 'canceled') return done();
    if (run.state !== 'open') return refused('run_ended');
    this.#stop(run, 'canceled');
    return done();
  }

  /** When something happens by the clock alone next. */
  get deadlines(): readonly number[] {
    const runs = this.runs.filter(({ state }) => state === 'open').map(({ expiresAt }) => expiresAt);
    return [...this.taskDeadlines, ...runs].toSorted((a, b) => a - b);
  }

  get taskDeadlines(): readonly number[] {
    const tasks = this.tasks.flatMap(({ claim, restsUntil, state }) => [
      ...(claim === null ? [] : [claim.until]),
      ...(state === 'queued' && restsUntil !== null ? [restsUntil] : []),
    ]);
    return tasks.toSorted((a, b) => a - b);
  }

  /** Time passes, and the alarm rings late: it finds all that was due at once. */
  pass(until: number): void {
    this.now = until;
    while ((this.deadlines[0] ?? until + 1) <= until) this.#sweep();
  }

  #sweep(): void {
    const ending = this.runs.filter(({ expiresAt, state }) => state === 'open' && expiresAt <= this.now);
    for (const task of this.tasks.filter(({ run }) => !ending.includes(run))) {
      const { claim, restsUntil, state } = task;
      if (state === 'queued' && restsUntil !== null && restsUntil <= this.now) task.restsUntil = null;
      if (claim === null || claim.until > this.now) continue;
      task.charged += 1;
      if (task.charged >= task.mostAttempts) this.#end(task, 'dead_letter');
      else this.#back(task, null);
    }
    for (const run of ending) this.#stop(run, 'failed');
  }

  #ready(task: Task): void {
    this.#places += 1;
    task.place = this.#places;
    task.state = 'queued';
  }

  #back(task: Task, restsUntil: number | null): void {
    task.state = 'queued';
    task.claim = null;
    task.restsUntil = restsUntil;
  }

  #end(task: Task, state: State): void {
    task.state = state;
    task.claim = null;
    task.restsUntil = null;
    this.#ended(task);
  }

  /** Those behind it go on, or never will; and the run may be over. */
  #ended(task: Task): void {
    const lost: Task[] = [];
    for (const child of task.children.filter(({ state }) => state === 'waiting')) {
      if (child.parents.some((parent) => hasEnded(parent) && !lets(parent, child.once))) {
        child.state = 'canceled';
        lost.push(child);
      } else if (child.parents.every((parent) => lets(parent, child.once))) this.#ready(child);
    }
    this.#close(task.run);
    for (const child of lost) this.#ended(child);
  }

  #close(run: Run): void {
    if (run.state !== 'open' || run.ends !== 'with_its_steps') return;
    if (run.tasks.some((one) => !hasEnded(one))) return;
    const inVain = run.tasks.filter(
      (one) => one.state !== 'succeeded' && !one.children.some(({ once }) => once === 'ended'),
    );
    run.state = inVain.length === 0 ? 'succeeded' : 'failed';
  }

  #stop(run: Run, state: 'failed' | 'canceled'): void {
    run.state = state;
    for (const task of run.tasks.filter((one) => !hasEnded(one))) {
      task.state = 'canceled';
      task.claim = null;
      task.restsUntil = null;
    }
  }
}

function isSame(a: Worker, b: Worker): boolean {
  return a.credential === b.credential && a.id === b.id;
}

/** The last word of a task is heard again of whoever gave it; another one is not. */
function heardOf(claim: Claim, speaker: Worker, said: string): Expected | undefined {
  const { told } = claim.task;
  if (told?.claim !== claim || !isSame(claim.worker, speaker)) return undefined;
  return told.word === said ? done() : refused('confirm_differs');
}

function refusalOf(claim: Claim, worker: Worker): Expected | undefined {
  if (!isSame(claim.worker, worker)) return refused('claim_foreign');
  if (claim.task.claim === claim) return undefined;
  return refused(claim.task.state === 'canceled' ? 'task_canceled' : 'claim_expired');
}
