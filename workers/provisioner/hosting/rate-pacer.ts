/**
 * fly.io/docs/machines/api/working-with-machines-api, "Rate Limits": one request a second for each action and machine, or
 * app, and up to three at once. Reading a machine is allowed more often, which nobody here needs.
 */
const INTERVAL_MS = 1_000;
const BURST = 3;

/**
 * Spreads requests of one kind over time. It knows of those that went through it and of no others, so it avoids refusals
 * and does not exclude them.
 */
export class RatePacer {
  /** When the next request of a kind would be due if they came one a second. */
  readonly #due = new Map<string, number>();

  /** Takes the next place, and says in how many milliseconds it is; takes none when that is `withinMs` or more. */
  reserve(kind: string, now: number, withinMs: number): number {
    const due = Math.max(this.#due.get(kind) ?? 0, now);
    const waitMs = Math.max(0, due - now - (BURST - 1) * INTERVAL_MS);
    if (waitMs < withinMs) this.#due.set(kind, due + INTERVAL_MS);
    return waitMs;
  }
}
