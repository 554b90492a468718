import type { Identity } from '../access/identity.ts';
import type { ProposalRow } from '../schema.ts';
import type { AskOf } from '../turn/command.ts';
import type { Draft } from '../turn/event.ts';
import { type Outcome, unchanged } from '../turn/outcome.ts';
import { answer, refuse } from '../turn/reply.ts';
import type { World } from '../turn/world.ts';
import { isUndecided } from './lane.ts';
import { makeRequest, refusedRequest, requested } from './request-change.ts';

/**
 * The proposer answers a question, or asks for another effect. Another effect is a new version: what was approved of
 * the one before counts no more, and the time to decide stays what it was.
 */
export function revise(
  world: World,
  { proposalId, request }: AskOf<'revise'>,
  identity: Identity,
  now: number,
): Outcome {
  const row = world.proposal(proposalId);
  if (
    row === undefined ||
    row.proposer_kind !== identity.actor.kind ||
    row.proposer_id !== identity.actor.id
  ) {
    return unchanged(refuse('proposal_not_found', `there is no proposal ${proposalId}`));
  }
  if (!isUndecided(row)) {
    return unchanged(refuse('proposal_not_revisable', `the proposal is ${row.state}; nothing was changed`));
  }
  if (row.expires_at <= now) return unchanged(refuse('proposal_expired', 'the proposal has expired'));
  if (request.answer !== undefined && row.state !== 'changes_requested') {
    return unchanged(
      refuse('proposal_not_revisable', 'nobody has asked a question that is open', 'send args alone'),
    );
  }
  const answered = request.answer === undefined ? [] : [answerOf(row, request.answer, identity)];
  if (request.args === undefined) {
    return {
      reply: answer({
        ok: true,
        proposal_id: row.proposal_id,
        proposal_version: row.version,
        status: row.state === 'changes_requested' ? 'pending_review' : row.state,
        ledger_seq: world.nextSeq,
      }),
      entries: answered,
    };
  }
  const before = askedBefore(world, row);
  if (before === undefined) {
    return unchanged(
      refuse('proposal_not_revisable', 'a complete change set cannot be revised', 'propose another one'),
    );
  }
  const { capability, reason } = before;
  const wanted = { capability, args: request.args, ...(reason === null ? {} : { reason }) };
  const made = makeRequest(world, wanted, identity, now, {
    proposalId: row.proposal_id,
    version: row.version + 1,
    expiresAt: row.expires_at,
  });
  if (!made.ok) return refusedRequest(world, capability, made, identity, now);
  const { body } = made;
  if (String(body.object_id) !== before.objectId) {
    return unchanged(
      refuse('proposal_not_revisable', 'a proposal stays about its row', 'propose the other row by itself'),
    );
  }
  return {
    reply: requested(body, world.nextSeq + answered.length, now),
    entries: [
      ...answered,
      { type: 'proposal.revised', actor: identity.actor, subject: row.proposal_id, body },
    ],
  };
}

function answerOf(row: ProposalRow, text: string, identity: Identity): Draft {
  const body = { answer: text, name: identity.name };
  return { type: 'proposal.answered', actor: identity.actor, subject: row.proposal_id, body };
}

/** What was asked for, and why; undefined where a complete change set was sent. */
function askedBefore(
  world: World,
  row: ProposalRow,
): { readonly capability: string; readonly reason: string | null; readonly objectId: string } | undefined {
  const body = world.body(row.body_seq);
  if (body === undefined) return undefined;
  if (!('change_set' in body)) {
    return 'capability' in body ? { ...body, objectId: String(body.object_id) } : undefined;
  }
  const { requested, change_set, reason } = body;
  if (requested == null) return undefined;
  return { capability: change_set.action, reason, objectId: change_set.scope.object_id };
}
