import type { ClaimedTask } from '@countersign/protocol/run/task';
import { pause } from '../pause.ts';
import { type AboutTask, aboutTask } from './about-task.ts';
import { isFinal, isGone } from './refusals.ts';
import { TaskEnded, type TaskProgress } from './task-handler.ts';
import type { WorkerParts } from './worker-parts.ts';

/** However long a lease is, a canceled task is to be known of, and its progress to be seen, in about this time. */
const MOST_BETWEEN_MS = 5_000;

/**
 * The claim of one task, renewed at a third of its lease while the task is worked at, with the newest progress. One
 * that is lost aborts the handler's signal, and so does a worker that gives up.
 */
export class TaskClaim {
  readonly #parts: WorkerParts;
  readonly #task: ClaimedTask;
  readonly #about: AboutTask;
  readonly #working = new AbortController();
  readonly #renewing = new AbortController();
  readonly #stopped: Promise<undefined>;
  #stop: () => void = () => undefined;
  #lost: string | undefined;
  #progress: TaskProgress | undefined;
  #heldUntil: number;

  /** @param serverTime of the answer that brought the task: the lease is measured by the control plane's clock alone */
  constructor(parts: WorkerParts, task: ClaimedTask, serverTime: string) {
    this.#parts = parts;
    this.#task = task;
    this.#about = aboutTask(task);
    this.#heldUntil = heldUntil(task.expires_at, serverTime);
    this.#stopped = new Promise((resolve) => {
      this.#stop = () => {
        this.#working.abort(new TaskEnded('worker_stopped'));
        resolve(undefined);
      };
    });
    parts.giveUp.addEventListener('abort', this.#stop);
    if (parts.giveUp.aborted) this.#stop();
    void this.#keep();
  }

  /** The handler's. */
  get signal(): AbortSignal {
    return this.#working.signal;
  }

  /** Why the task is not this worker's any more; undefined while it is. */
  get lost(): string | undefined {
    return this.#lost;
  }

  /** Resolves when the worker gives up. */
  get stopped(): Promise<undefined> {
    return this.#stopped;
  }

  get hasRunOut(): boolean {
    return performance.now() >= this.#heldUntil;
  }

  progress(progress: TaskProgress): void {
    this.#progress = progress;
  }

  /** Renews no more: what is known of the task now is said within what is left of the lease, or not at all. */
  end(): void {
    this.#parts.giveUp.removeEventListener('abort', this.#stop);
    this.#renewing.abort();
  }

  #lose(code: string, cause: unknown): void {
    this.#lost = code;
    this.#parts.tell({ kind: 'task_lost', code, ...this.#about });
    this.#working.abort(new TaskEnded(code, { cause }));
  }

  async #keep(): Promise<void> {
    const { leaseSeconds, tell } = this.#parts;
    const { signal } = this.#renewing;
    const every = Math.min(MOST_BETWEEN_MS, (leaseSeconds * 1_000) / 3);
    for (;;) {
      await pause(every, signal);
      if (signal.aborted) return;
      try {
        await this.#renew();
      } catch (error) {
        if (signal.aborted) return;
        if (isGone(error)) return this.#lose(error.code, error);
        // What cannot be stored must not cost the task.
        if (isFinal(error)) this.#progress = undefined;
        tell({ kind: 'renewal_failed', error, ...this.#about });
        if (this.hasRunOut) return this.#lose('claim_expired', error);
      }
    }
  }

  async #renew(): Promise<void> {
    const { control, leaseSeconds, tasks, workerId } = this.#parts;
    const { claim_id, task_id } = this.#task;
    const progress = this.#progress === undefined ? {} : { progress: this.#progress };
    const request = { runner_id: workerId, claim_id, lease_seconds: leaseSeconds, ...progress };
    const renewed = await tasks.renew(task_id, request, { signal: this.#renewing.signal });
    this.#heldUntil = heldUntil(renewed.expires_at, renewed.server_time);
    control.notice(renewed.control);
  }
}

/** On the clock that never goes back; later than it is by as long as the answer took. */
function heldUntil(expiresAt: string, serverTime: string): number {
  return performance.now() + Date.parse(expiresAt) - Date.parse(serverTime);
}
