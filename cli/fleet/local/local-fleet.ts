import { setTimeout as sleep } from 'node:timers/promises';
import { ApiError } from '@countersign/client/api-error';
import type { RunnerView } from '@countersign/client/fleet-api';
import type { Context } from '../../command/context.ts';
import { exitCodes } from '../../exit-codes.ts';
import { CliFault } from '../../fault.ts';
import type { Plane } from '../../plane.ts';
import { readRunners } from '../fleet.ts';
import { afterEnd } from './after-end.ts';
import { tell } from './fleet-words.ts';
import { ID_VARIABLE, Worker, type WorkerOptions } from './worker.ts';

export type WorkerSettings = Omit<WorkerOptions, 'id' | 'logFile'> & {
  /** Where a worker logs. */
  logFileOf(id: string): string;
};

interface Place {
  readonly id: string;
  worker: Worker;
  startedAt: number;
  /** What the control plane said of the process before, which is not this one. */
  before: string | null | undefined;
  isOnline: boolean;
  wasOnline: boolean;
  /** How often in a row it ended soon. */
  soon: number;
}

/**
 * Runners of this machine. Nothing is decided here: each leases, writes and reports by itself, and goes on when this
 * process is gone. All that this adds is that one which ended is followed by another.
 */
export class LocalFleet {
  readonly #context: Context;
  readonly #plane: Plane;
  readonly #settings: WorkerSettings;
  readonly #places: Place[] = [];
  readonly #refused = Promise.withResolvers<never>();
  #isDraining = false;
  #isAway = false;

  constructor(context: Context, plane: Plane, settings: WorkerSettings) {
    this.#context = context;
    this.#plane = plane;
    this.#settings = settings;
    // Whoever waits hears of it; where nobody waits any more, it is no fault of this program.
    this.#refused.promise.catch(() => undefined);
  }

  /** Rejects with a `CliFault` when a worker may not work as it is configured. */
  get refused(): Promise<never> {
    return this.#refused.promise;
  }

  get isConverged(): boolean {
    return this.#places.every(({ isOnline }) => isOnline);
  }

  /** Starts a worker of each name. Throws `CliFault` where one of that name is at work. */
  async start(ids: readonly string[], signal: AbortSignal): Promise<void> {
    const known = await readRunners(this.#plane, signal);
    const busy = known.find((one) => ids.includes(one.runner_id) && one.is_polling === true);
    if (busy !== undefined) {
      throw new CliFault(`a runner ${busy.runner_id} is at work already`, {
        code: exitCodes.conflict,
        next: 'end its process, or take another --name',
      });
    }
    for (const id of ids) {
      const before = known.find(({ runner_id }) => runner_id === id)?.started_at;
      const worker = this.#spawn(id);
      const place = { id, worker, startedAt: Date.now(), before, isOnline: false, wasOnline: false, soon: 0 };
      this.#places.push(place);
      this.#follow(place);
    }
  }

  /** Asks the control plane once, and tells who is online since. That it is away is told, and no fault. */
  async look(signal: AbortSignal): Promise<void> {
    for (const place of this.#places) this.#checkName(place);
    const runners = await this.#runners(signal);
    if (runners === undefined) return;
    const wasConverged = this.isConverged;
    for (const place of this.#places) {
      const view = runners.find(({ runner_id }) => runner_id === place.id);
      if (place.isOnline || view?.status !== 'online' || view.started_at === place.before) continue;
      place.isOnline = true;
      place.wasOnline = true;
      place.before = view.started_at;
      tell(this.#context, { event: 'online', runner_id: place.id });
    }
    if (!wasConverged && this.isConverged) {
      const standing = this.#places.map(({ id, worker }) => ({
        runner_id: id,
        status: 'online',
        pid: worker.pid ?? null,
        log: worker.logFile,
      }));
      tell(this.#context, { event: 'converged', runners: standing });
    }
  }

  /** Ends them all. Whether none was lost: each ended well, and holds nothing as far as the control plane can be asked. */
  async drain(): Promise<boolean> {
    this.#isDraining = true;
    tell(this.#context, { event: 'draining' });
    for (const { worker } of this.#places) worker.drain();
    const ends = await Promise.all(this.#places.map(({ worker }) => worker.ended));
    const safe = await this.#untilSafe();
    for (const { id } of this.#places)
      tell(this.#context, { event: 'drained', runner_id: id, safe_to_stop: safe.get(id) ?? null });
    return ends.every(({ code }) => code === 0) && [...safe.values()].every((isSafe) => isSafe === true);
  }

  #spawn(id: string): Worker {
    const { logFileOf, ...settings } = this.#settings;
    const worker = new Worker({ ...settings, id, logFile: logFileOf(id) });
    const { logFile: log, pid = null } = worker;
    tell(this.#context, { event: 'started', runner_id: id, pid, log });
    return worker;
  }

  /** Where the process of a place ends unasked, another takes the place. */
  #follow(place: Place): void {
    void place.worker.ended.then(async ({ code, signal }) => {
      const livedMs = Date.now() - place.startedAt;
      const next = afterEnd({ code, signal, livedMs, soonBefore: place.soon });
      const again_after_ms = this.#isDraining || next.kind === 'refused' ? null : next.afterMs;
      tell(this.#context, { event: 'ended', runner_id: place.id, code, signal, again_after_ms });
      place.isOnline = false;
      if (this.#isDraining) return;
      if (next.kind === 'refused') {
        this.#refused.reject(refusedFault(place));
        return;
      }
      await sleep(next.afterMs);
      if (this.#isDraining) return;
      place.soon = next.soon;
      place.startedAt = Date.now();
      place.worker = this.#spawn(place.id);
      this.#follow(place);
    });
  }

  /** Many with one name would end each other's claims. */
  #checkName({ id, worker }: Place): void {
    const name = worker.saidName();
    if (name === undefined || name === id) return;
    this.#refused.reject(
      new CliFault(`the configuration names the runner ${name} for all of them`, {
        code: exitCodes.usage,
        next: `say "runner_id": {"env": "${ID_VARIABLE}"} there`,
      }),
    );
  }

  async #runners(signal: AbortSignal): Promise<readonly RunnerView[] | undefined> {
    try {
      const runners = await readRunners(this.#plane, signal);
      if (this.#isAway) tell(this.#context, { event: 'back' });
      this.#isAway = false;
      return runners;
    } catch (error) {
      if (!(error instanceof ApiError && error.retryable)) throw error;
      if (!this.#isAway) tell(this.#context, { event: 'away', why: error.code });
      this.#isAway = true;
      return undefined;
    }
  }

  /** By name, of those that the control plane has ever seen. */
  async #untilSafe(): Promise<ReadonlyMap<string, boolean | null>> {
    const ids = this.#places.filter(({ wasOnline }) => wasOnline).map(({ id }) => id);
    let safe = new Map<string, boolean | null>(ids.map((id) => [id, null]));
    for (let look = 0; ids.length > 0 && look < SAFE_LOOKS; look += 1) {
      const runners = await this.#runners(AbortSignal.timeout(SAFE_LOOK_MS)).catch(() => undefined);
      const found = (id: string) => runners?.find(({ runner_id }) => runner_id === id)?.safe_to_stop ?? null;
      safe = new Map(ids.map((id) => [id, found(id)]));
      const isGone = runners === undefined && look >= MOST_UNANSWERED;
      if (isGone || [...safe.values()].every((isSafe) => isSafe === true)) break;
      await sleep(SAFE_PAUSE_MS);
    }
    return safe;
  }
}

const SAFE_LOOKS = 10;
const MOST_UNANSWERED = 2;
const SAFE_LOOK_MS = 5_000;
const SAFE_PAUSE_MS = 500;

function refusedFault({ id, worker }: Place): CliFault {
  return new CliFault(`the runner ${id} may not work as it is configured`, {
    code: exitCodes.refused,
    next: `read the end of ${worker.logFile}, and run countersign-runner doctor`,
  });
}
