import {
  approvalRefusedBecause as actionApprovalRefused,
  refusalRefusedBecause as actionRefusalRefused,
  decideAction,
} from '../action/action-decisions.ts';
import { actionKey } from '../action/use-action.ts';
import type { Plane } from '../plane/plane.ts';
import { approvalRefusedBecause, decide, refusalRefusedBecause } from '../proposal/decisions.ts';
import { proposalKey } from '../proposal/use-proposal.ts';
import type { Pending } from './pending.ts';

/** What can be said of several at once. */
export type BulkVerdict = { readonly kind: 'approve' } | { readonly kind: 'reject'; readonly reason: string };

/** Why one of several cannot be decided so with the others. */
export function bulkRefusedBecause(
  item: Pending,
  { kind }: BulkVerdict,
  caller: Plane['caller'],
): string | undefined {
  if (item.kind === 'proposal') {
    return kind === 'approve'
      ? approvalRefusedBecause(item.detail, caller)
      : refusalRefusedBecause(item.detail, caller);
  }
  if (kind === 'reject') return actionRefusalRefused(item.detail, caller);
  // To let something happen twice is never one of many.
  if (item.detail.status === 'held') return 'It has probably been done already: decide it on its own.';
  return actionApprovalRefused(item.detail, caller);
}

/** Sends one decision, bound to what was shown. Throws `ApiError`. */
export async function decidePending(plane: Plane, item: Pending, verdict: BulkVerdict): Promise<void> {
  if (item.kind === 'proposal') await decide(plane, item.detail, verdict);
  else await decideAction(plane, item.detail, verdict);
}

/** Under which the page remembers it. */
export function pendingKey(projectId: string, { id, kind }: Pending) {
  return kind === 'proposal' ? proposalKey(projectId, id) : actionKey(projectId, id);
}
