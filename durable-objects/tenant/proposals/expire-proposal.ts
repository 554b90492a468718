import { system } from '../access/identity.ts';
import type { ProposalRow } from '../schema.ts';
import type { Draft } from '../turn/event.ts';

/** Nobody decided in time. Expiry fails closed: the change will not be made. */
export function expireProposal(row: ProposalRow): Draft {
  return {
    type: 'proposal.expired',
    actor: system.actor,
    subject: row.proposal_id,
    body: { expires_at: row.expires_at },
  };
}
