import { REHEARSAL_SECONDS } from '@countersign/protocol/rehearsal';
import type { Identity } from '../access/identity.ts';
import type { AskOf } from '../turn/command.ts';
import { type Outcome, unchanged } from '../turn/outcome.ts';
import { answer, refuse } from '../turn/reply.ts';
import type { World } from '../turn/world.ts';
import { rehearsable } from './rehearsable.ts';

/** Whoever is to decide asks a runner to look at the row again. One look at a time: asking again joins it. */
export function askLook(
  world: World,
  { proposalId }: AskOf<'look'>,
  identity: Identity,
  now: number,
): Outcome {
  const row = world.proposal(proposalId);
  if (row === undefined) {
    return unchanged(refuse('proposal_not_found', `there is no proposal ${proposalId}`));
  }
  const { rehearsal, state } = row;
  if (state !== 'pending_review' && state !== 'changes_requested') {
    return unchanged(refuse('proposal_already_decided', `the proposal is ${state}; nothing was changed`));
  }
  const body = world.body(row.body_seq);
  if (body !== undefined && 'change_set' in body && rehearsable(body.change_set) === undefined) {
    return unchanged(
      refuse(
        'change_set_unsupported',
        'a runner looks at the row of an update of one row only',
        'decide without',
      ),
    );
  }
  const until = now + REHEARSAL_SECONDS * 1_000;
  const isUnderWay = rehearsal?.status === 'asked' || rehearsal?.status === 'leased';
  const reply = (deadline: number, seq: number) =>
    answer({
      ok: true,
      proposal_id: row.proposal_id,
      status: state,
      rehearsed_by: new Date(deadline).toISOString(),
      ledger_seq: seq,
    });
  if (isUnderWay) return unchanged(reply(rehearsal.until, row.tip_seq));
  const asked = { number: (rehearsal?.number ?? 0) + 1, until, name: identity.name };
  return {
    reply: reply(until, world.nextSeq),
    entries: [{ type: 'proposal.look_asked', actor: identity.actor, subject: row.proposal_id, body: asked }],
  };
}
