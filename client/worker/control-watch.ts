import type { ControlMark } from '@countersign/protocol/run/run-requests';
import { backoffMs } from '../backoff.ts';
import type { ControlApi } from '../control-api.ts';
import { pause } from '../pause.ts';
import type { RunnerApi } from '../runner-api.ts';
import type { WorkerParts } from './worker-parts.ts';

const RETRY = { leastMs: 500, mostMs: 60_000 } as const;

interface WatchOptions extends Pick<WorkerParts, 'drain' | 'tell' | 'workerId'> {
  readonly control: ControlApi;
  readonly runners: Pick<RunnerApi, 'heartbeat'>;
}

/**
 * Reads what steers workers whenever an answer shows that it has changed, and says which of it this worker has taken.
 * So whoever changes a route sees when the last worker knows; what a task is done with comes with the task itself.
 */
export class ControlWatch {
  readonly #options: WatchOptions;
  #revision: number | undefined;
  /** The newest that an answer named, taken or not yet. */
  #noticed: number | undefined;
  /** The digest that the control plane has been told. */
  #told: string | undefined;
  #isStale = false;
  #following: Promise<void> = Promise.resolve();
  #isFollowing = false;
  readonly #ending = new AbortController();

  constructor(options: WatchOptions) {
    this.#options = options;
  }

  /** The mark of an answer. A lower revision than the last is news too: the control plane may have been restored. */
  notice(mark: ControlMark | undefined): void {
    if (mark === undefined) return;
    this.#noticed = mark.revision;
    if (mark.revision !== this.#revision) this.catchUp();
  }

  /** What a claim says that this worker knows, so that news ends it early. */
  get known(): number | undefined {
    return this.#noticed;
  }

  /** Reads it, whatever is known. */
  catchUp(): void {
    this.#isStale = true;
    if (this.#isFollowing) return;
    this.#isFollowing = true;
    this.#following = this.#follow().finally(() => {
      this.#isFollowing = false;
    });
  }

  /** Resolves when what is being read now has come, or has not. */
  end(): Promise<void> {
    this.#ending.abort();
    return this.#following;
  }

  async #follow(): Promise<void> {
    const { drain, tell } = this.#options;
    const { signal: ending } = this.#ending;
    for (let failures = 0; this.#isStale && !drain.aborted; ) {
      // Before it is read: a change that is noticed meanwhile makes it stale again.
      this.#isStale = false;
      try {
        await this.#take();
        failures = 0;
      } catch (error) {
        if (drain.aborted) return;
        this.#isStale = true;
        failures += 1;
        tell({ kind: 'control_failed', error, failures });
        await pause(backoffMs(failures, RETRY, Math.random()), ending);
        if (ending.aborted) return;
      }
    }
  }

  async #take(): Promise<void> {
    const { control, drain, runners, tell, workerId } = this.#options;
    const { digest, revision } = await control.snapshot({ signal: drain });
    if (digest !== this.#told) {
      await runners.heartbeat({ runner_id: workerId, control_digest: digest }, { signal: drain });
      this.#told = digest;
    }
    this.#revision = revision;
    this.#noticed ??= revision;
    tell({ kind: 'control_taken', revision, digest });
  }
}
