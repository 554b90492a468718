import { Waits } from './waits.ts';

/** Anything by which work is counted together. */
type Kind = object;

/** What a worker has in hand: how many tasks of which kind, and when one of them has ended. */
export class Hands {
  readonly #taken = new Map<Kind, number>();
  readonly #waits = new Waits();
  #count = 0;
  #ended = 0;

  get count(): number {
    return this.#count;
  }

  /** How many have ended so far. */
  get ended(): number {
    return this.#ended;
  }

  taken(kind: Kind): number {
    return this.#taken.get(kind) ?? 0;
  }

  /** Begins some work. It must not reject: it tells of its own failure. */
  take(kind: Kind, work: () => Promise<void>): void {
    this.#count += 1;
    this.#taken.set(kind, this.taken(kind) + 1);
    void work().finally(() => this.#end(kind));
  }

  /** Resolves when the condition holds, which is looked at whenever work has ended, or when the signal aborts. */
  until(condition: () => boolean, signal?: AbortSignal): Promise<void> {
    return this.#waits.until(condition, signal);
  }

  #end(kind: Kind): void {
    this.#count -= 1;
    this.#ended += 1;
    this.#taken.set(kind, this.taken(kind) - 1);
    this.#waits.look();
  }
}
