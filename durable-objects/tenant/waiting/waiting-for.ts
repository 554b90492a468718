import type { HeldClaim } from '../hold.ts';
import type { Waiter } from './waiter.ts';

/** What a held claim waits for, as a turn sees it. */
export function waitingFor(
  claim: HeldClaim,
): Pick<Waiter, 'kind' | 'sourceId' | 'targets' | 'handlers' | 'leaseSeconds'> {
  switch (claim.type) {
    case 'claim':
      return {
        kind: 'job',
        sourceId: claim.request.source_id,
        leaseSeconds: claim.request.lease_seconds,
      };
    case 'claim-rehearsals':
      return { kind: 'rehearsal', sourceId: claim.request.source_id, leaseSeconds: 0 };
    case 'claim-actions': {
      const { lease_seconds: leaseSeconds, targets } = claim.request;
      return { kind: 'action', sourceId: '', targets, leaseSeconds };
    }
    case 'claim-tasks': {
      const { handlers, lease_seconds: leaseSeconds } = claim.request;
      return { kind: 'task', sourceId: '', handlers, leaseSeconds };
    }
  }
}
