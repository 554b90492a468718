import type { Taken } from './transitions.ts';

const STALE_AFTER_MS = 150_000;
/** Signs of life are written down this often at most. */
const SEEN_EVERY_MS = 60_000;

export type RunnerState = 'online' | 'draining' | 'stale';

/** What is true of one runner. */
export class RunnerModel {
  readonly id: string;
  status: 'online' | 'draining' | undefined;
  #seenAt = 0;
  #shown: RunnerState | undefined;
  readonly #taken: Taken;

  constructor(id: string, taken: Taken) {
    this.id = id;
    this.#taken = taken;
  }

  register(now: number): void {
    if (this.status !== 'online') this.#seenAt = now;
    this.status = 'online';
    this.claimed(now);
  }

  /** Undefined when nobody knows this runner. */
  beat(now: number, status: 'online' | 'draining' | undefined): boolean {
    if (this.status === undefined) return false;
    if (status !== undefined && status !== this.status) this.#seenAt = now;
    this.status = status ?? this.status;
    this.claimed(now);
    return true;
  }

  /** It was heard of. */
  claimed(now: number): void {
    if (now - this.#seenAt >= SEEN_EVERY_MS) this.#seenAt = now;
  }

  /** How it must be listed; undefined when it must not. */
  state(now: number): RunnerState | undefined {
    if (this.status === undefined) return undefined;
    const isStale = this.status === 'online' && now - this.#seenAt >= STALE_AFTER_MS;
    const state = isStale ? 'stale' : this.status;
    if (state !== this.#shown) this.#taken.count('runner', this.#shown ?? null, state);
    this.#shown = state;
    return state;
  }
}
