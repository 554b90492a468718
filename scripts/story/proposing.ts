import type { ProposalsApi, ProposalView } from '@countersign/client/proposals-api';
import type { CapabilityRequest } from '@countersign/client/review-api';
import { CAPABILITIES } from '../stack/acme-contract.ts';
import type { Cast } from './people.ts';

/** The story's proposal of this name: asked for by the agent now, or at an earlier start. */
export async function asked(
  { review, memory }: Cast,
  name: string,
  request: CapabilityRequest,
): Promise<{ readonly id: string; readonly isNew: boolean }> {
  return memory.made(name, async () => {
    const proposal = await review.request(request, { idempotencyKey: `story:${name}` });
    return proposal.proposal_id;
  });
}

/** Asks for a late fee to be waived. */
export function waiver(invoiceId: string, why: string): CapabilityRequest {
  return { capability: CAPABILITIES.waive, args: { invoice_id: invoiceId, reason: why }, reason: why };
}

const LONGEST_WAITS = 4;

/** The proposal once it is in one of these states, waited for as an agent would: with held reads, not in a circle. */
async function awaited({ agent }: Cast, id: string, isThere: (proposal: ProposalView) => boolean) {
  let proposal = await agent.read(id);
  for (let waits = 0; waits < LONGEST_WAITS && !isThere(proposal); waits += 1) {
    proposal = await agent.read(id, { waitSeconds: 20, after: Number(proposal.ledger_seq) });
  }
  return proposal;
}

/** The proposal once a runner has rehearsed it. */
export function rehearsed(cast: Cast, id: string): Promise<ProposalView> {
  return awaited(cast, id, ({ status }) => status !== 'rehearsing');
}

/** The proposal once it has ended. */
export function ended(cast: Cast, id: string): Promise<ProposalView> {
  return awaited(cast, id, ({ terminal }) => terminal === true);
}

/** Ada's word about what she sees. At a later start it has been given, and nothing is asked again. */
export async function approved(cast: Cast, id: string): Promise<void> {
  await approvedBy(cast, cast.approver, id, 'checked with the customer');
}

/** An approval of the effect as it stands now. */
export async function approvedBy(cast: Cast, who: ProposalsApi, id: string, reason: string): Promise<void> {
  const { status, effect_digest } = await rehearsed(cast, id);
  if (status !== 'pending_review') return;
  await who.approve(
    id,
    { reason, effect_digest: String(effect_digest) },
    { idempotencyKey: `story:${reason.replaceAll(' ', '-')}:${id}` },
  );
}
