import type { ClaimedJob } from '@countersign/protocol/job/claimed-job';
import type { HttpConnection } from './http-connection.ts';
import { lateFeeRequest } from './late-fee-request.ts';
import type { PlaneCalls } from './plane-calls.ts';

type Step = 'propose' | 'approve' | 'claim' | 'result';

/**
 * An even mix of everything that a proposal goes through: whichever connection is free takes the next step of the
 * mix for which there is a proposal. Connections that each walked one proposal to its end would fall into step,
 * since a turn answers all of them at once, and then no turn would hold a mix.
 */
export class TransitionMix {
  readonly #calls: PlaneCalls;
  readonly #claimLimit: number;
  readonly #order: readonly Step[];
  #place = 0;
  #proposed = 0;
  #queued = 0;
  readonly #pending: string[] = [];
  readonly #leased: ClaimedJob[] = [];

  /** @param claimLimit jobs a claim asks for, and gets: it claims only when so many are queued */
  constructor(calls: PlaneCalls, claimLimit: number) {
    this.#calls = calls;
    this.#claimLimit = claimLimit;
    const each = Array.from({ length: claimLimit }, () => ['propose', 'approve', 'result'] as const).flat();
    this.#order = [...each, 'claim'];
  }

  /** Takes one step; returns how many transitions it made: one, or as many as a claim leased. */
  step(connection: HttpConnection): Promise<number> {
    for (;;) {
      const step = this.#order[this.#place % this.#order.length];
      this.#place += 1;
      const taken = this.#take(step ?? 'propose', connection);
      if (taken !== undefined) return taken;
    }
  }

  /** Undefined when no proposal is ready for that step; a new one can always be made. */
  #take(step: Step, connection: HttpConnection): Promise<number> | undefined {
    switch (step) {
      case 'propose':
        return this.#propose(connection);
      case 'approve': {
        const id = this.#pending.shift();
        return id === undefined ? undefined : this.#approve(connection, id);
      }
      case 'claim':
        if (this.#queued < this.#claimLimit) return undefined;
        this.#queued -= this.#claimLimit;
        return this.#claim(connection);
      case 'result': {
        const job = this.#leased.shift();
        return job === undefined ? undefined : this.#report(connection, job);
      }
    }
  }

  async #propose(connection: HttpConnection): Promise<number> {
    this.#proposed += 1;
    const fee = { invoice: `INV-${this.#proposed}`, version: 7, from: 5_500, to: 0 };
    this.#pending.push(await this.#calls.propose(connection, lateFeeRequest(fee)));
    return 1;
  }

  async #approve(connection: HttpConnection, id: string): Promise<number> {
    await this.#calls.approve(connection, id);
    this.#queued += 1;
    return 1;
  }

  async #claim(connection: HttpConnection): Promise<number> {
    const jobs = await this.#calls.claim(connection, { limit: this.#claimLimit, lease_seconds: 600 });
    if (jobs.length !== this.#claimLimit)
      throw new Error(`a claim got ${jobs.length} of ${this.#claimLimit} jobs`);
    this.#leased.push(...jobs);
    return jobs.length;
  }

  async #report(connection: HttpConnection, job: ClaimedJob): Promise<number> {
    await this.#calls.report(connection, job);
    return 1;
  }
}
