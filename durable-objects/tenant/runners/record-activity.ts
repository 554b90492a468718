import { digest } from '@countersign/protocol/canonical-json';
import { coversSource } from '../access/authorize.ts';
import type { Identity } from '../access/identity.ts';
import type { ProposalRow } from '../schema.ts';
import type { AskOf } from '../turn/command.ts';
import { eventSubject, runnerSubject } from '../turn/event.ts';
import { type Outcome, unchanged } from '../turn/outcome.ts';
import { answer, refuse } from '../turn/reply.ts';
import type { World } from '../turn/world.ts';
import { keptOutIn } from './kept-out.ts';

/** A runner's own events: what was read as evidence, what was queried. The same event again is an answer. */
export function recordActivity(
  world: World,
  { request }: AskOf<'record'>,
  identity: Identity,
  _now: number,
): Outcome {
  const { runner_id, event_id, source_id, proposal_id } = request;
  if (!coversSource(identity, source_id)) {
    return unchanged(refuse('source_not_permitted', `this token does not cover the source ${source_id}`));
  }
  const known = world.event(runner_id, event_id);
  if (known !== undefined) {
    if (known.digest !== digest(request)) {
      return unchanged(refuse('activity_differs', `another event is already recorded as ${event_id}`));
    }
    return unchanged(answer({ ok: true, event_id, ledger_seq: known.seq }));
  }
  const proposal = coveredProposal(world, proposal_id, identity);
  const keptOut = keptOutIn(world, request, proposal);
  if (keptOut !== undefined) {
    return unchanged(
      refuse(
        'outside_contract',
        `the contract does not show the field ${keptOut}`,
        'send its digest instead',
      ),
    );
  }
  const isRegistered = world.row('runners', runner_id) !== undefined;
  const own = isRegistered ? runnerSubject(runner_id) : eventSubject(runner_id, event_id);
  const subject = proposal?.proposal_id ?? own;
  return {
    reply: answer({ ok: true, event_id, ledger_seq: world.nextSeq }),
    entries: [{ type: request.event_type, actor: identity.actor, subject, body: request }],
  };
}

/** Evidence counts for a proposal only from a token of its source; for any other it is as if it were not there. */
function coveredProposal(
  world: World,
  proposalId: string | undefined,
  identity: Identity,
): ProposalRow | undefined {
  const found = proposalId === undefined ? undefined : world.proposal(proposalId);
  return found !== undefined && coversSource(identity, found.source_id) ? found : undefined;
}
