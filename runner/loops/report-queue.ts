import { ApiError } from '@countersign/client/api-error';
import { backoffMs } from '@countersign/client/backoff';
import { pause } from '@countersign/client/pause';
import type { ResultRequest } from '@countersign/protocol/job-requests';
import { reach } from '../failpoints.ts';
import { faultFields } from '../log.ts';
import type { ReportTrace } from '../tracing/job-trace.ts';
import type { RunnerContext } from './runner-context.ts';

const RETRY = { leastMs: 200, mostMs: 30_000 } as const;
/** With so many unreported results no more work is taken: they are memory, and the control plane is in trouble. */
const MOST_UNREPORTED = 500;

/**
 * Tells the control plane what became of jobs. No effort of the runner is longer: each result is sent until there
 * is a final answer or the runner gives up. What is lost then is only the message; the receipt stays in the source
 * database, and the job's next attempt finds it.
 */
export class ReportQueue {
  readonly #context: RunnerContext;
  /** Since when each waits, oldest first. */
  readonly #pending = new Map<Promise<void>, number>();

  constructor(context: RunnerContext) {
    this.#context = context;
  }

  /** How many more results there is room for. */
  get room(): number {
    return MOST_UNREPORTED - this.waiting;
  }

  /** How many results have no final answer yet. */
  get waiting(): number {
    return this.#pending.size;
  }

  /** For how long the oldest of them waits; 0 when there is none. */
  get oldestWaitingMs(): number {
    const [since] = this.#pending.values();
    return since === undefined ? 0 : performance.now() - since;
  }

  push(result: ResultRequest, trace: ReportTrace): void {
    const delivery = this.#deliver(result, trace)
      .catch((error) => {
        trace.failed('report_fault');
        this.#context.log('error', 'report_fault', { ...idsOf(result), ...faultFields(error) });
      })
      .finally(() => {
        trace.end();
        this.#pending.delete(delivery);
      });
    this.#pending.set(delivery, performance.now());
  }

  /** Resolves when every result has been answered or given up. */
  async settled(): Promise<void> {
    await Promise.all(this.#pending.keys());
  }

  async #deliver(result: ResultRequest, trace: ReportTrace): Promise<void> {
    const { giveUp, log } = this.#context;
    await reach('before_report');
    for (let failures = 1; ; failures += 1) {
      const wait = await this.#send(result, trace, failures);
      if (wait === undefined) break;
      await pause(wait, giveUp);
      if (giveUp.aborted) {
        trace.failed('report_undelivered');
        return log('error', 'report_undelivered', { ...idsOf(result), stays_in: 'source database' });
      }
    }
    await reach('after_report');
  }

  /** Sends once; how long to wait before the next try, in milliseconds, or undefined when the answer is final. */
  async #send(result: ResultRequest, trace: ReportTrace, failures: number): Promise<number | undefined> {
    const { api, clock, giveUp, log } = this.#context;
    const options = { signal: giveUp, traceparent: trace.traceparent };
    try {
      await clock.timed(() => api.result(result, options));
      log('info', 'reported', { ...idsOf(result), failures: failures - 1 });
      return undefined;
    } catch (error) {
      // A token that is refused may be replaced; any other refusal is about the result itself.
      if (error instanceof ApiError && error.isRefusal && error.status !== 401) {
        trace.failed('report_refused');
        log('error', 'report_refused', {
          ...idsOf(result),
          ...faultFields(error),
          stays_in: 'source database',
        });
        return undefined;
      }
      if (!giveUp.aborted)
        log('warn', 'report_failed', { ...idsOf(result), ...faultFields(error), failures });
      const asked = error instanceof ApiError ? (error.retryAfterMs ?? 0) : 0;
      return Math.max(Math.min(asked, RETRY.mostMs), backoffMs(failures, RETRY, Math.random()));
    }
  }
}

function idsOf({ job_id, status, lease_id }: ResultRequest) {
  return { job_id, status, lease_id };
}
