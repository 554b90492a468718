import { ApiError } from '@countersign/client/api-error';
import { backoffMs } from '@countersign/client/backoff';
import { pause } from '@countersign/client/pause';
import { LEASE_SECONDS, type RenewAnswer } from '@countersign/protocol/job-requests';
import type { Authority } from '../databases/source-database.ts';
import { faultFields } from '../log.ts';
import { type LeaseTerms, lapseOf } from '../verify/authority.ts';
import type { RunnerContext } from './runner-context.ts';

const HALF_LEASE_MS = (LEASE_SECONDS.usual / 2) * 1_000;
/** After a renewal that did not work, so that several more fit into what is left of the lease. */
const SOON_MS = 3_000;
const RETRY = { leastMs: 100, mostMs: 5_000 } as const;
/** Renewals whose authority had lapsed before their answer was here: the line is too slow to write over. */
const MOST_STALE = 5;

/** Without a reason of ours each end would make an error with its stack, which costs as much as many checks. */
const ENDED = 'lease ended';

/**
 * One job's lease, renewed at half its length for as long as the job is held. Whether a write may begin is judged
 * by an upper bound of the control plane's clock, never by the clock of this machine.
 */
export class HeldLease implements Authority {
  readonly #context: RunnerContext;
  readonly #jobId: string;
  readonly #traceparent: string | undefined;
  readonly #ended = new AbortController();
  #terms: LeaseTerms;
  /** The code with which a renewal was refused: there is none after that. */
  #refusal: string | undefined;
  #renewing: Promise<boolean> | undefined;
  #timer: NodeJS.Timeout;

  constructor(context: RunnerContext, jobId: string, terms: LeaseTerms, traceparent?: string) {
    this.#context = context;
    this.#jobId = jobId;
    this.#traceparent = traceparent;
    this.#terms = terms;
    this.#timer = this.#renewIn(HALF_LEASE_MS);
    context.giveUp.addEventListener('abort', this.#end);
  }

  get terms(): LeaseTerms {
    return this.#terms;
  }

  /** Whether the control plane has said that it will not be renewed. */
  get wasRefused(): boolean {
    return this.#refusal !== undefined;
  }

  /** Whether it still stands, and only gives no authority to write any more. */
  get isFrozen(): boolean {
    return this.#refusal === 'frozen';
  }

  holds(): boolean {
    return !this.wasRefused && lapseOf(this.#terms, this.#context.clock.latestMs()) === undefined;
  }

  /** Tries for as long as the lease may still be there, or until `end()` or the runner gives up. */
  async regain(): Promise<boolean> {
    let failures = 0;
    for (let stale = 0; stale < MOST_STALE; ) {
      if (await this.#renew()) {
        if (this.holds()) return true;
        stale += 1;
        continue;
      }
      failures += 1;
      const hasRunOut = this.#context.clock.latestMs() >= this.#terms.expiresAtMs;
      if (this.wasRefused || hasRunOut || this.#ended.signal.aborted) return false;
      await pause(backoffMs(failures, RETRY, Math.random()), this.#ended.signal);
    }
    return false;
  }

  /** Stops renewing. What has been given stays valid until it lapses. */
  end(): void {
    this.#end();
  }

  readonly #end = (): void => {
    clearTimeout(this.#timer);
    this.#context.giveUp.removeEventListener('abort', this.#end);
    this.#ended.abort(ENDED);
  };

  #renewIn(ms: number): NodeJS.Timeout {
    return setTimeout(() => void this.#renewAgainAndAgain(), ms).unref();
  }

  async #renewAgainAndAgain(): Promise<void> {
    const isRenewed = await this.#renew();
    if (this.wasRefused || this.#ended.signal.aborted) return;
    this.#timer = this.#renewIn(isRenewed ? HALF_LEASE_MS : SOON_MS);
  }

  /** Renews once, whoever asks; false when that did not work. */
  #renew(): Promise<boolean> {
    if (this.wasRefused || this.#ended.signal.aborted) return Promise.resolve(false);
    this.#renewing ??= this.#sendRenewal().finally(() => {
      this.#renewing = undefined;
    });
    return this.#renewing;
  }

  async #sendRenewal(): Promise<boolean> {
    const { api, clock, log, observe, runnerId } = this.#context;
    const request = {
      runner_id: runnerId,
      lease_id: this.#terms.leaseId,
      lease_seconds: LEASE_SECONDS.usual,
    };
    const ids = { job_id: this.#jobId, lease_id: this.#terms.leaseId };
    try {
      const options = { signal: this.#ended.signal, traceparent: this.#traceparent };
      this.#terms = termsOf(await clock.timed(() => api.renew(this.#jobId, request, options)));
      log('info', 'lease_renewed', ids);
      observe({ kind: 'renewal', outcome: 'granted' });
      return true;
    } catch (error) {
      if (this.#ended.signal.aborted) return false;
      if (error instanceof ApiError && error.isRefusal) this.#refusal = error.code;
      observe({ kind: 'renewal', outcome: this.wasRefused ? 'refused' : 'failed' });
      log('warn', this.wasRefused ? 'lease_refused' : 'lease_renewal_failed', {
        ...ids,
        ...faultFields(error),
      });
      return false;
    }
  }
}

function termsOf({ lease, write_by }: RenewAnswer): LeaseTerms {
  return {
    leaseId: lease.lease_id,
    attempt: lease.attempt,
    expiresAtMs: Date.parse(lease.expires_at),
    writeByMs: Date.parse(write_by),
  };
}
