import type { ProposalView } from '@countersign/client/proposals-api';
import { waiver } from './invoice.ts';
import type { Cast } from './people.ts';

/** The story's proposal about an invoice: made by the agent now, or at an earlier start. */
export async function proposed(
  { agent, customer, memory, sourceId }: Cast,
  name: string,
  invoiceId: string,
  why: string,
): Promise<{ readonly id: string; readonly isNew: boolean }> {
  return memory.proposal(name, async () => {
    const invoice = await customer.invoice(invoiceId);
    const proposal = await agent.propose(waiver(sourceId, invoice, why), { idempotencyKey: `story:${name}` });
    return proposal.proposal_id;
  });
}

const LONGEST_WAITS = 3;

/** The proposal once it has ended, waited for as an agent would: with held reads, not in a circle. */
export async function ended({ agent }: Cast, id: string): Promise<ProposalView> {
  let proposal = await agent.read(id);
  for (let waits = 0; waits < LONGEST_WAITS && proposal.terminal !== true; waits += 1) {
    proposal = await agent.read(id, { waitSeconds: 20, after: Number(proposal.ledger_seq) });
  }
  return proposal;
}

/** Ada's word, given once: the key makes a later start get the same answer. */
export async function approved({ approver }: Cast, id: string): Promise<void> {
  await approver.approve(
    id,
    { reason: 'checked with the customer' },
    { idempotencyKey: `story:approve:${id}` },
  );
}
