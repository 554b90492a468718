import type { CallerView } from '@countersign/client/caller-view';
import type { ProposalDetail } from '@countersign/client/proposal-detail';
import type { Plane } from '../plane/plane.ts';

/** What a person can say of a proposal. */
export type Verdict =
  | { readonly kind: 'approve'; readonly reason?: string }
  | { readonly kind: 'reject'; readonly reason: string }
  | { readonly kind: 'ask'; readonly question: string };

/**
 * Sends a decision, bound to the effect that was shown: should it be another one by now, the plane refuses. Throws
 * `ApiError`.
 */
export async function decide(
  { proposals, review }: Plane,
  detail: ProposalDetail,
  verdict: Verdict,
): Promise<void> {
  const { effect_digest, proposal_id } = detail;
  const idempotencyKey = crypto.randomUUID();
  const seen = effect_digest == null ? {} : { effect_digest };
  switch (verdict.kind) {
    case 'approve':
      if (effect_digest == null) throw new TypeError('there is nothing exact to approve');
      await proposals.approve(proposal_id, { ...seen, ...withReason(verdict.reason) }, { idempotencyKey });
      return;
    case 'reject':
      await proposals.reject(proposal_id, { ...seen, ...withReason(verdict.reason) }, { idempotencyKey });
      return;
    case 'ask':
      await review.sendBack(proposal_id, verdict.question, { idempotencyKey });
      return;
  }
}

function withReason(reason: string | undefined) {
  return reason === undefined || reason === '' ? {} : { reason };
}

/** Why this person cannot approve it, as far as the page can tell; the plane itself decides. */
export function approvalRefusedBecause(detail: ProposalDetail, caller: CallerView): string | undefined {
  if (!caller.may.includes('decide')) return 'Your roles do not include deciding.';
  if (detail.status !== 'pending_review') return `It is ${detail.status.replaceAll('_', ' ')}.`;
  if (detail.proposed_by?.kind === 'person' && detail.proposed_by.id === caller.actor)
    return 'You proposed it: somebody else has to decide.';
  if (hasApproved(detail, caller)) return 'You have approved it. It waits for others.';
  if (detail.effect_digest == null || detail.change_set == null)
    return 'Nobody has looked at the row yet: there is nothing exact to approve.';
  if (!helps(detail, caller)) return `It waits for ${missingRoles(detail).join(' and ')}, which you are not.`;
  return undefined;
}

/** Why this person cannot reject it or send it back. */
export function refusalRefusedBecause(detail: ProposalDetail, caller: CallerView): string | undefined {
  if (!caller.may.includes('decide')) return 'Your roles do not include deciding.';
  return detail.status === 'pending_review' ? undefined : `It is ${detail.status.replaceAll('_', ' ')}.`;
}

/** Proposals and actions are decided by the same rules. */
type Decided = Pick<ProposalDetail, 'decisions'>;
type Required = Pick<ProposalDetail, 'requirements'>;

export function hasApproved({ decisions }: Decided, { actor }: CallerView): boolean {
  return (decisions ?? []).some(({ by, verdict }) => verdict === 'approved' && by === `person:${actor}`);
}

/** Whether one more approval by this person would count for something. */
export function helps({ requirements }: Required, { approval_roles }: CallerView): boolean {
  const open = (requirements ?? []).filter(isOpen);
  return (
    open.length === 0 || open.some(({ role }) => role == null || approval_roles?.includes(role) === true)
  );
}

export function missingRoles({ requirements }: Required): readonly string[] {
  return (requirements ?? []).filter(isOpen).map(({ role }) => role ?? 'an approver');
}

type Requirement = NonNullable<ProposalDetail['requirements']>[number];

export function isOpen({ approvals, given }: Requirement): boolean {
  return (given ?? 0) < approvals;
}

/** What is needed while somebody may yet decide; afterwards what was given, for nothing is waited for any more. */
export function neededOf(
  requirements: ProposalDetail['requirements'],
  isUndecided: boolean,
): NonNullable<ProposalDetail['requirements']> {
  return (requirements ?? []).filter((requirement) => isUndecided || !isOpen(requirement));
}

/** `1 of 2, waiting on billing_lead`. */
export function needText({ approvals, given, role }: Requirement): string {
  const count = `${given ?? 0} of ${approvals}`;
  if ((given ?? 0) >= approvals) return role == null ? `${count} given` : `${count} by ${role} given`;
  return `${count}, waiting on ${role ?? 'an approver'}`;
}
