import type { ProposalView } from '@countersign/client/proposals-api';
import type { CapabilityRequest } from '@countersign/client/review-api';
import { CAPABILITIES } from '../stack/acme-contract.ts';
import type { Cast } from './people.ts';

/** The story's proposal of this name: asked for by the agent now, or at an earlier start. */
export async function asked(
  { review, memory }: Cast,
  name: string,
  request: CapabilityRequest,
): Promise<{ readonly id: string; readonly isNew: boolean }> {
  return memory.proposal(name, async () => {
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

/** Ada's word, given once: the key makes a later start get the same answer. */
export async function approved(cast: Cast, id: string): Promise<void> {
  await rehearsed(cast, id);
  await cast.approver.approve(
    id,
    { reason: 'checked with the customer' },
    { idempotencyKey: `story:approve:${id}` },
  );
}
