import { queueOf } from '../proposals/lane.ts';
import type { ProposalRow } from '../schema.ts';

/** Jobs of one queue that are remembered. A longer queue is read again when its front has been given out. */
const MOST_REMEMBERED = 1_000;

/** The front of one queue, in its order. */
interface Front {
  readonly jobs: ProposalRow[];
  /** Nothing stands behind what is remembered. */
  isWhole: boolean;
}

/**
 * Which jobs stand at the front of each source's queue at the remembered head, so that a claim needs no read. What
 * is behind the last one that was read is unknown, unless the read came to the end of the queue.
 */
export class QueueMemory {
  readonly #fronts = new Map<string, Front>();

  /** The first jobs of a queue, or undefined when there may be more than is known. */
  recall(sourceId: string, limit: number): readonly ProposalRow[] | undefined {
    const front = this.#fronts.get(sourceId);
    if (front === undefined) return undefined;
    return front.isWhole || front.jobs.length >= limit ? front.jobs.slice(0, limit) : undefined;
  }

  /** Takes in the first jobs of a queue, in their order, as they were read with this limit. */
  learn(sourceId: string, limit: number, jobs: readonly ProposalRow[]): void {
    this.#fronts.set(sourceId, { jobs: [...jobs], isWhole: jobs.length < limit });
  }

  /** Follows a job from where it stood to where it stands. */
  follow(before: ProposalRow | undefined, after: ProposalRow): void {
    const [from, to] = [queueOf(before?.lane ?? null), queueOf(after.lane)];
    if (from !== undefined) this.#leave(from, after.seq);
    if (to !== undefined) this.#enter(to, after);
  }

  clear(): void {
    this.#fronts.clear();
  }

  #leave(sourceId: string, seq: number): void {
    const jobs = this.#fronts.get(sourceId)?.jobs ?? [];
    const place = jobs.findIndex((job) => job.seq === seq);
    if (place >= 0) jobs.splice(place, 1);
  }

  #enter(sourceId: string, job: ProposalRow): void {
    const front = this.#fronts.get(sourceId);
    if (front === undefined) return;
    const behind = front.jobs.findIndex((other) => isBefore(job, other));
    if (behind >= 0) front.jobs.splice(behind, 0, job);
    else if (front.isWhole) front.jobs.push(job);
    if (front.jobs.length <= MOST_REMEMBERED) return;
    front.jobs.length = MOST_REMEMBERED;
    front.isWhole = false;
  }
}

function isBefore(a: ProposalRow, b: ProposalRow): boolean {
  return ((a.rank ?? 0) - (b.rank ?? 0) || a.seq - b.seq) < 0;
}
