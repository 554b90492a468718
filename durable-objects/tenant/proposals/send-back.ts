import type { Identity } from '../access/identity.ts';
import type { AskOf } from '../turn/command.ts';
import { type Outcome, unchanged } from '../turn/outcome.ts';
import { answer, refuse } from '../turn/reply.ts';
import type { World } from '../turn/world.ts';
import { decisionDigest } from './tied-action.ts';

/** A reviewer asks the proposer a question; nobody can approve until it is answered. */
export function sendBack(
  world: World,
  { proposalId, question, effectDigest }: AskOf<'send-back'>,
  identity: Identity,
  now: number,
): Outcome {
  const row = world.proposal(proposalId);
  if (row === undefined) {
    return unchanged(refuse('proposal_not_found', `there is no proposal ${proposalId}`));
  }
  if (row.state !== 'pending_review') {
    return unchanged(refuse('proposal_already_decided', `the proposal is ${row.state}; nothing was changed`));
  }
  if (row.expires_at <= now) return unchanged(refuse('proposal_expired', 'the proposal has expired'));
  if (effectDigest !== null && effectDigest !== decisionDigest(row)) {
    return unchanged(refuse('decision_outdated', 'the proposal is not the one that you looked at'));
  }
  const body = { question, reason: null, name: identity.name, effect_digest: decisionDigest(row) };
  return {
    reply: answer({
      ok: true,
      proposal_id: row.proposal_id,
      status: 'changes_requested',
      ledger_seq: world.nextSeq,
    }),
    entries: [{ type: 'proposal.sent_back', actor: identity.actor, subject: row.proposal_id, body }],
  };
}
