import type { Ack, Claimed, RunnerApi } from '@countersign/client/runner-api';
import type { ClaimRequest, ResultRequest } from '@countersign/protocol/job-requests';
import { claimedWrite, invoiceWrite } from './guarded-write.ts';

/**
 * A control plane without a network: gives the loops of a runner in this process jobs for one invoice after another,
 * as long as there is an order, and hears the results. What is measured with it is the runner and its database alone.
 */
export class JobFeed implements RunnerApi {
  readonly #batch: number;
  #next = 0;
  #left = 0;
  #outstanding = 0;
  #applied = 0;
  #ordered = Promise.withResolvers<void>();
  #done = Promise.withResolvers<void>();

  /** @param batch the most jobs that one claim gets */
  constructor(batch: number) {
    this.#batch = batch;
  }

  /** How many jobs were reported as applied since `restart`. */
  get applied(): number {
    return this.#applied;
  }

  /** Begins again with the first invoice, at the version that all have at first. */
  restart(): void {
    this.#next = 0;
    this.#applied = 0;
  }

  /** Gives out so many more jobs; resolves when all that were given are reported, rejects when one was not applied. */
  order(count: number): Promise<void> {
    this.#left = count;
    this.#done = Promise.withResolvers();
    this.#ordered.resolve();
    return this.#done.promise;
  }

  /** Gives out no more; the order is done when what was given is reported. */
  close(): void {
    this.#left = 0;
    this.#settle();
  }

  async claim(
    { limit }: ClaimRequest,
    options?: { readonly signal?: AbortSignal | undefined },
  ): Promise<Claimed> {
    while (this.#left === 0) {
      this.#ordered = Promise.withResolvers();
      await untilEither(this.#ordered.promise, options?.signal);
    }
    const count = Math.min(limit, this.#batch, this.#left);
    const first = this.#next;
    this.#next += count;
    this.#left -= count;
    this.#outstanding += count;
    const jobs = Array.from({ length: count }, (_, place) =>
      claimedWrite(invoiceWrite(0, 1, first + place), `wrp_bench_${first + place}`),
    );
    return { jobs, server_time: now() };
  }

  result({ status }: ResultRequest): Promise<Ack> {
    if (status !== 'applied') this.#done.reject(new Error(`a job ended as ${status}`));
    this.#applied += 1;
    this.#outstanding -= 1;
    this.#settle();
    return acknowledged();
  }

  release(): Promise<Ack> {
    this.#done.reject(new Error('the runner gave a job back'));
    return acknowledged();
  }

  renew(): never {
    throw new Error('no lease of the bench needs to be renewed');
  }

  claimRehearsals(): never {
    throw new Error('the loops of the bench rehearse nothing');
  }

  rehearsalResult(): never {
    throw new Error('the loops of the bench rehearse nothing');
  }

  readonly doctor = acknowledged;
  readonly register = acknowledged;
  readonly heartbeat = acknowledged;

  #settle(): void {
    if (this.#left === 0 && this.#outstanding === 0) this.#done.resolve();
  }
}

function acknowledged(): Promise<Ack> {
  return Promise.resolve({ server_time: now() });
}

function now(): string {
  return new Date().toISOString();
}

/** Rejects with the signal's reason when that comes first. */
function untilEither(promise: Promise<void>, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal?.reason);
    signal?.addEventListener('abort', abort, { once: true });
    void promise.then(() => {
      signal?.removeEventListener('abort', abort);
      resolve();
    });
  });
}
