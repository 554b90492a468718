import { setTimeout as pause } from 'node:timers/promises';
import type { TestTenant } from '../../support/tenant.ts';
import type { Violation } from '../checks/dump.ts';
import { askUntilHeard, readAll } from './asking.ts';

const BETWEEN_MS = 500;
const LONGEST_MS = 240_000;

/** How the quiet end went. */
export interface Quiet {
  readonly requeued: number;
  readonly violations: readonly Violation[];
}

/**
 * Waits until no approved proposal is open any more. Leases that ran out too often are requeued, as an operator would:
 * in a campaign it is always the runners that were at fault.
 */
export async function settle(tenant: TestTenant): Promise<Quiet> {
  const until = Date.now() + LONGEST_MS;
  let requeued = 0;
  for (;;) {
    const open = await readAll(tenant.olivia, '/v1/proposals?status=approved', ({ body }) => body.proposals);
    if (open.length === 0) return { requeued, violations: [] };
    if (Date.now() > until) {
      const violations = open.map(({ job, proposal_id }) => ({
        check: 'quiet-end',
        detail: `${proposal_id} is still open, long after the last fault: ${JSON.stringify(job)}`,
      }));
      return { requeued, violations };
    }
    requeued += await requeueDead(tenant);
    await pause(BETWEEN_MS);
  }
}

async function requeueDead(tenant: TestTenant): Promise<number> {
  const dead = await readAll(
    tenant.olivia,
    '/v1/proposals?job_status=dead_letter',
    ({ body }) => body.proposals,
  );
  for (const { job } of dead) {
    const jobId = job !== null && typeof job === 'object' && 'job_id' in job ? String(job.job_id) : '';
    // It may have been settled by a late report meanwhile, which is as good.
    await askUntilHeard((signal) => tenant.otto.post(`/v1/jobs/${jobId}/requeue`, {}, { signal })).catch(
      () => undefined,
    );
  }
  return dead.length;
}
