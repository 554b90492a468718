import { type Clocks, stopwatch } from './elapsed.ts';

/**
 * How far this machine's clock and the control plane's may drift apart, of the time that passed. Oscillators
 * differ by a tenth of this, and clock discipline may bend them by half of it.
 */
const DRIFT = 1 / 1_000;

interface Sample {
  readonly sentAt: number;
  readonly serverMs: number;
}

/**
 * An upper bound of what time it is at the control plane, which is what judges leases. An answer that says
 * `server_time` was made after its request was sent; so now it is at most that time and all that has passed
 * since the sending. A clock here that is wrong, and an answer that sat in a buffer, can only make the bound later.
 * A lease is therefore let go too early, never held too long.
 */
export class ServerClock {
  readonly #elapsed: () => number;
  #best: Sample | undefined;

  constructor(clocks: Clocks) {
    this.#elapsed = stopwatch(clocks);
  }

  /** Sends a request, and learns from the time that its answer names, if it names one. */
  async timed<Answer extends { readonly server_time?: string | undefined }>(
    send: () => Promise<Answer>,
  ): Promise<Answer> {
    const sentAt = this.#elapsed();
    const answer = await send();
    if (answer.server_time !== undefined) this.#learn({ sentAt, serverMs: Date.parse(answer.server_time) });
    return answer;
  }

  /** Unix milliseconds that the control plane's clock has at most reached; Infinity before any answer. */
  latestMs(): number {
    return this.#best === undefined ? Number.POSITIVE_INFINITY : this.#boundBy(this.#best);
  }

  /** How much of the bound is allowance for drift, in milliseconds: a short exchange makes it small again. */
  driftMs(): number {
    return this.#best === undefined
      ? Number.POSITIVE_INFINITY
      : (this.#elapsed() - this.#best.sentAt) * DRIFT;
  }

  #learn(sample: Sample): void {
    if (!Number.isFinite(sample.serverMs)) return;
    // A server time past the bound disproves it: the clock over there was set. A tighter bound replaces a looser one.
    const bound = this.latestMs();
    if (sample.serverMs > bound || this.#boundBy(sample) < bound) this.#best = sample;
  }

  #boundBy({ sentAt, serverMs }: Sample): number {
    return serverMs + (this.#elapsed() - sentAt) * (1 + DRIFT);
  }
}
