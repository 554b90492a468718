import { ApiError } from '@countersign/client/api-error';
import { backoffMs } from '@countersign/client/backoff';
import { pause } from '@countersign/client/pause';
import type { ReleaseRequest } from '@countersign/protocol/job-requests';
import { faultFields } from '../log.ts';
import type { LeaseTerms } from '../verify/authority.ts';
import type { RunnerContext } from './runner-context.ts';

const RETRY = { leastMs: 200, mostMs: 5_000 } as const;
const MOST_TRIES = 4;

/**
 * Gives a lease back, so that the job costs no attempt and need not wait for the lease to run out. A courtesy: where
 * it fails, the lease runs out.
 */
export async function release(
  { api, clock, log, runnerId, giveUp }: RunnerContext,
  jobId: string,
  { leaseId }: Pick<LeaseTerms, 'leaseId'>,
  reason: ReleaseRequest['reason'],
  traceparent?: string,
): Promise<void> {
  const request = { runner_id: runnerId, lease_id: leaseId, reason };
  const ids = { job_id: jobId, lease_id: leaseId, reason };
  for (let tries = 1; ; tries += 1) {
    try {
      await clock.timed(() => api.release(jobId, request, { signal: giveUp, traceparent }));
      return log('info', 'job_released', ids);
    } catch (error) {
      const isOver = tries === MOST_TRIES || giveUp.aborted || (error instanceof ApiError && error.isRefusal);
      log('warn', isOver ? 'job_not_released' : 'job_release_failed', { ...ids, ...faultFields(error) });
      if (isOver) return;
    }
    await pause(backoffMs(tries, RETRY, Math.random()), giveUp);
  }
}
