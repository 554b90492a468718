const MINUTE_MS = 60_000;
/** Then those that nothing is held against are forgotten. */
const MANY = 1_000;

/**
 * How often something may be done for each agent: so many times a minute, which may come at once. Only in memory, so
 * that each runner counts for itself.
 */
export class AgentRates {
  readonly #intervalMs: number;
  readonly #burstMs: number;
  readonly #now: () => number;
  /** When nothing that was done counts any more, by agent. */
  readonly #freeAt = new Map<string, number>();

  /** @param now milliseconds of a clock that never goes back */
  constructor(perMinute: number, now: () => number) {
    this.#intervalMs = MINUTE_MS / perMinute;
    this.#burstMs = MINUTE_MS - this.#intervalMs;
    this.#now = now;
  }

  /** Whether it may be done once more now, which is then counted. */
  take(agent: string): boolean {
    const now = this.#now();
    if (this.#freeAt.size >= MANY) this.#forget(now);
    const freeAt = Math.max(now, this.#freeAt.get(agent) ?? now);
    if (freeAt - now > this.#burstMs) return false;
    this.#freeAt.set(agent, freeAt + this.#intervalMs);
    return true;
  }

  #forget(now: number): void {
    for (const [agent, freeAt] of this.#freeAt) if (freeAt <= now) this.#freeAt.delete(agent);
  }
}
