import type { Ask } from '../turn/command.ts';
import type { SentLease } from './held-polls.ts';

/** How a lease that did not arrive is given back. */
export function returning(lease: SentLease): Ask {
  const about = { runner_id: lease.runnerId, reason: 'not_delivered' } as const;
  switch (lease.kind) {
    case 'job':
      return { type: 'release', jobId: lease.jobId, request: { ...about, lease_id: lease.leaseId } };
    case 'action':
      return {
        type: 'return-action',
        actionId: lease.actionId,
        request: { ...about, claim_id: lease.claimId },
      };
    case 'task':
      return { type: 'return-task', taskId: lease.taskId, request: { ...about, claim_id: lease.claimId } };
  }
}
