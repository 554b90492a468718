import type { ActionDetail } from '@countersign/client/action-detail';
import type { CallerView } from '@countersign/client/caller-view';
import type { Plane } from '../plane/plane.ts';
import { hasApproved, helps, missingRoles } from '../proposal/decisions.ts';

/** What a person can say of an action that waits for a decision. */
export type ActionVerdict =
  | { readonly kind: 'approve' }
  | { readonly kind: 'reject'; readonly reason: string };

/**
 * Sends a decision, bound to the effect that was shown: should it be another one by now, the plane refuses. Throws
 * `ApiError`.
 */
export async function decideAction(
  { actions }: Plane,
  { action_id, effect_digest }: ActionDetail,
  verdict: ActionVerdict,
): Promise<void> {
  const options = { idempotencyKey: crypto.randomUUID() };
  if (verdict.kind === 'reject') {
    await actions.reject(action_id, verdict.reason, options);
    return;
  }
  if (effect_digest == null) throw new TypeError('there is nothing exact to approve');
  await actions.approve(action_id, effect_digest, undefined, options);
}

/** Whether somebody still has to say whether it may go. */
export function isUndecided({ status }: ActionDetail): boolean {
  return status === 'proposed' || status === 'held';
}

/** Why this person cannot let it go, as far as the page can tell; the plane itself decides. */
export function approvalRefusedBecause(detail: ActionDetail, caller: CallerView): string | undefined {
  const refused = refusalRefusedBecause(detail, caller);
  if (refused !== undefined) return refused;
  if (detail.decided_with != null) return 'It is decided in one with its proposal: decide that one.';
  if (detail.proposed_by?.kind === 'person' && detail.proposed_by.id === caller.actor)
    return 'You asked for it: somebody else has to decide.';
  if (hasApproved(detail, caller)) return 'You have approved it. It waits for others.';
  if (detail.effect_digest == null || detail.input == null)
    return 'You do not see what it would send: there is nothing exact to approve.';
  if (!helps(detail, caller)) return `It waits for ${missingRoles(detail).join(' and ')}, which you are not.`;
  return undefined;
}

/** Why this person cannot reject it. */
export function refusalRefusedBecause(detail: ActionDetail, caller: CallerView): string | undefined {
  if (!caller.may.includes('decide-action')) return 'Your roles do not include deciding.';
  return isUndecided(detail) ? undefined : `It is ${detail.status.replaceAll('_', ' ')}.`;
}

/** Why this person cannot take it back. */
export function cancelRefusedBecause(detail: ActionDetail, caller: CallerView): string | undefined {
  if (!caller.may.includes('cancel-action')) return 'Your roles do not include canceling.';
  if (detail.unknown_since != null) return 'An attempt may have reached the provider already.';
  return isUndecided(detail) || detail.status === 'queued'
    ? undefined
    : `It is ${detail.status.replaceAll('_', ' ')}.`;
}

/** Whether a person has to say what became of it. */
export function isSettleable({ status }: ActionDetail): boolean {
  return status === 'unknown' || status === 'dead_letter';
}
