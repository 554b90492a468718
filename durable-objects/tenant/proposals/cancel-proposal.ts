import type { Identity } from '../access/identity.ts';
import type { ProposalRow } from '../schema.ts';
import type { AskOf } from '../turn/command.ts';
import { type Outcome, unchanged } from '../turn/outcome.ts';
import { answer, refuse } from '../turn/reply.ts';
import type { World } from '../turn/world.ts';

/** Withdraws a proposal that nothing has acted on yet. An agent may withdraw its own only. */
export function cancel(world: World, ask: AskOf<'cancel'>, identity: Identity, _now: number): Outcome {
  const row = world.proposal(ask.proposalId);
  if (row === undefined || !mayCancel(row, identity)) {
    return unchanged(refuse('proposal_not_found', `there is no proposal ${ask.proposalId}`));
  }
  if (!isCancelable(row)) {
    const why = row.job_state === 'leased' ? 'a runner is working on it' : `it is ${row.state}`;
    return unchanged(refuse('proposal_not_cancelable', `the proposal can no longer be canceled: ${why}`));
  }
  const body = { reason: ask.reason, name: identity.name, effect_digest: row.effect_digest };
  return {
    reply: canceled({ ...row, state: 'canceled' }, world.nextSeq),
    entries: [{ type: 'proposal.canceled', actor: identity.actor, subject: row.proposal_id, body }],
  };
}

function mayCancel(row: ProposalRow, identity: Identity): boolean {
  return (
    identity.kind !== 'agent' || (row.proposer_kind === 'agent' && row.proposer_id === identity.actor.id)
  );
}

/** A dead letter is not here: its attempts may have written, so a person settles it with requeue or discard. */
function isCancelable(row: ProposalRow): boolean {
  if (row.state === 'pending_review') return true;
  return (
    row.state === 'approved' && (row.job_state === null || (row.job_state === 'queued' && row.charged === 0))
  );
}

function canceled(row: ProposalRow, seq: number) {
  return answer({ ok: true, proposal_id: row.proposal_id, status: row.state, ledger_seq: seq });
}
