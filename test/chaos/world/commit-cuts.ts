import { Random } from '../../simulation/random.ts';
import type { CommitCut } from './chaos-proxy.ts';

const ways = ['while it commits', 'after the commit'] as const;

/** Which commits of one database lose their connection, whichever runner sends them, and how many have. */
export class CommitCuts {
  readonly counts: Record<CommitCut, number> = { 'while it commits': 0, 'after the commit': 0 };
  #left = 0;
  #chance = 0;
  #random = new Random(0);

  get total(): number {
    return this.counts['while it commits'] + this.counts['after the commit'];
  }

  /** The next commits do until so many have, each in a way that the seed chooses. */
  order(times: number, seed: number): void {
    this.#left = times;
    this.#random = new Random(seed);
  }

  /** From now on each does with this probability. */
  always(chance: number, seed: number): void {
    this.#chance = chance;
    this.#random = new Random(seed);
  }

  end(): void {
    this.#left = 0;
    this.#chance = 0;
  }

  next(): CommitCut | undefined {
    if (this.#left === 0 && !this.#random.chance(this.#chance)) return undefined;
    return this.#random.pick(ways);
  }

  happened(how: CommitCut): void {
    this.counts[how] += 1;
    if (this.#left > 0) this.#left -= 1;
  }
}
