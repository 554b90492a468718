import type { Identity } from '../access/identity.ts';
import type { ProposalRow } from '../schema.ts';
import type { AskOf } from '../turn/command.ts';
import { type Outcome, unchanged } from '../turn/outcome.ts';
import { answer, refuse } from '../turn/reply.ts';
import type { World } from '../turn/world.ts';
import { isUndecided } from './lane.ts';
import { decisionDigest } from './tied-action.ts';

/** Withdraws a proposal that nothing has acted on yet. An agent may withdraw its own only. */
export function cancel(world: World, ask: AskOf<'cancel'>, identity: Identity, _now: number): Outcome {
  const row = world.proposal(ask.proposalId);
  if (row === undefined || !mayCancel(row, identity)) {
    return unchanged(refuse('proposal_not_found', `there is no proposal ${ask.proposalId}`));
  }
  if (!isCancelable(row)) {
    return unchanged(
      refuse('proposal_not_cancelable', `the proposal can no longer be canceled: ${whyNot(row)}`),
    );
  }
  const body = { reason: ask.reason, name: identity.name, effect_digest: decisionDigest(row) };
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

/**
 * A job that was ever leased is not here: even a lease that came back undelivered may have reached its runner, which
 * wrote and died. A dead letter is a person's to settle, with requeue or discard.
 */
function isCancelable(row: ProposalRow): boolean {
  if (isUndecided(row)) return true;
  return (
    row.state === 'approved' && (row.job_state === null || (row.job_state === 'queued' && row.attempt === 0))
  );
}

function whyNot({ state, job_state }: ProposalRow): string {
  if (job_state === 'leased') return 'a runner is working on it';
  return job_state === 'queued' ? 'a runner may have worked on it' : `it is ${state}`;
}

function canceled(row: ProposalRow, seq: number) {
  return answer({ ok: true, proposal_id: row.proposal_id, status: row.state, ledger_seq: seq });
}
