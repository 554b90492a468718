import { system } from '../access/identity.ts';
import type { ProposalRow } from '../schema.ts';
import type { Draft } from '../turn/event.ts';
import type { Cause } from './cause.ts';
import { decisionDigest } from './tied-action.ts';

/** The end of a proposal that the law of the project does not let through. */
export function refusedBy(row: ProposalRow, cause: Cause): Draft {
  const body = { cause, effect_digest: decisionDigest(row) };
  return { type: 'proposal.refused', actor: system.actor, subject: row.proposal_id, body };
}
