import { jobIdOf } from '@countersign/protocol/ids';
import type { Identity } from '../access/identity.ts';
import { actionLaw } from '../actions/action-law.ts';
import { findInForce } from '../contracts/in-force.ts';
import type { ProposalRow } from '../schema.ts';
import type { AskOf } from '../turn/command.ts';
import { type Outcome, unchanged } from '../turn/outcome.ts';
import { answer, type Reply, refuse } from '../turn/reply.ts';
import type { World } from '../turn/world.ts';
import { expireProposal } from './expire-proposal.ts';
import { factsOf, govern } from './govern.ts';
import { isUndecided } from './lane.ts';
import { combineRequirements, missingOf, type Requirement, standingOf } from './requirement.ts';
import { refusalOfDuty, refusalOfSeparation, stillCounts } from './separation-of-duty.ts';
import { decidesActions, decisionDigest } from './tied-action.ts';

type Decide = AskOf<'decide'>;

/** A person approves or rejects what they saw. The approval that completes the quorum queues the one job. */
export function decide(world: World, ask: Decide, identity: Identity, now: number): Outcome {
  const row = world.proposal(ask.proposalId);
  if (row === undefined)
    return unchanged(refuse('proposal_not_found', `there is no proposal ${ask.proposalId}`));
  const by = `${identity.actor.kind}:${identity.actor.id}`;
  if (row.state === 'expired') return unchanged(expired(row));
  if (!isUndecided(row)) return unchanged(alreadyDecided(row));
  const hasApproved = row.decisions.some((decision) => decision.by === by);
  if (hasApproved && ask.verdict === 'approved') return unchanged(decidedByYou(row));
  if (row.expires_at <= now) return { reply: expired(row), entries: [expireProposal(row)] };
  const refusal = refusalOf(world, row, ask, identity);
  if (refusal !== undefined) return unchanged(refusal);
  const body = { reason: ask.reason, name: identity.name, effect_digest: decisionDigest(row) };
  const entry = { actor: identity.actor, subject: row.proposal_id };
  if (ask.verdict === 'rejected') {
    return {
      reply: decided({ ...row, state: 'rejected' }, world.nextSeq),
      entries: [{ ...entry, type: 'proposal.rejected', body }],
    };
  }
  const approval_roles = identity.kind === 'person' ? [...identity.approvalRoles] : [];
  const mine = { ...body, verdict: 'approved', by, at: now, approval_roles } as const;
  const law = lawNow(world, row, now);
  const joined = lawOfActions(world, row, identity, now);
  const forbidden = law.refusal ?? joined.refusal;
  if (forbidden !== undefined) return unchanged(forbidden);
  const requirements = combineRequirements(row.requirements, law.requirements, joined.requirements);
  const counting = [...row.decisions.filter((decision) => stillCounts(world, decision)), mine];
  const missing = missingOf(standingOf(requirements, counting));
  if (missing > 0) {
    const recorded = { ...body, approval_roles, requirements };
    return {
      reply: decided(row, world.nextSeq, missing),
      entries: [{ ...entry, type: 'proposal.approval_recorded', body: recorded }],
    };
  }
  const job_id = row.writable ? jobIdOf(row.proposal_id) : null;
  return {
    reply: decided(
      { ...row, state: 'approved', job_state: job_id === null ? null : 'queued' },
      world.nextSeq,
    ),
    entries: [{ ...entry, type: 'proposal.approved', body: { ...body, approval_roles, job_id } }],
  };
}

/** Why this person may not decide this now. */
function refusalOf(world: World, row: ProposalRow, ask: Decide, identity: Identity): Reply | undefined {
  if (ask.effectDigest !== null && ask.effectDigest !== decisionDigest(row)) {
    return refuse(
      'decision_outdated',
      'the proposal is not the one that you looked at',
      'look at it again, then decide',
    );
  }
  if (ask.verdict === 'rejected') return undefined;
  // What a runner looks at may change while people look at it: an approval must say which effect it means.
  if (ask.effectDigest === null && (row.rehearsal !== null || decidesActions(row))) {
    return refuse(
      'effect_digest_required',
      'an approval must name the effect that it is about',
      'send the effect_digest of the proposal as you saw it',
    );
  }
  return refusalOfDuty(world, row, identity) ?? refusalOfEffect(world, row);
}

/** What the law says of the actions that are decided with it: each must be one that this person could let go. */
function lawOfActions(world: World, { tied }: ProposalRow, identity: Identity, now: number): Law {
  const requirements: Requirement[] = [];
  for (const { action_id, decided_digest } of tied) {
    const action = decided_digest === null ? undefined : world.row('actions', action_id);
    if (action === undefined || action.state !== 'proposed') continue;
    const separated = refusalOfSeparation(world, action, identity);
    if (separated !== undefined) return { refusal: separated, requirements: [] };
    const law = actionLaw(world, action, now);
    if (!law.ok) return { refusal: law.reply, requirements: [] };
    requirements.push(...law.requirements);
  }
  return { requirements };
}

interface Law {
  readonly refusal?: Reply;
  readonly requirements: readonly Requirement[];
}

/** What policies say now: one that refuses, or asks for more, holds for what waits as well. */
function lawNow(world: World, row: ProposalRow, now: number): Law {
  const body = world.body(row.body_seq);
  if (body === undefined || !('change_set' in body)) return { requirements: [] };
  const found = findInForce(world, body.change_set.action);
  if (!found.ok) return { requirements: [] };
  const { requested } = body;
  const proposer = {
    agent: { id: row.proposer_id, name: requested?.agent ?? row.proposer_id },
    args: requested?.args ?? {},
    reason: body.reason,
    sourceId: row.source_id,
    rehearsal: requested == null ? 'none' : 'done',
  };
  const governed = govern(world, found.inForce, factsOf(found.inForce, body.change_set, proposer, now));
  if (governed.kind !== 'refused') return { requirements: governed.requirements };
  return {
    requirements: [],
    refusal: refuse('refused_by_policy', governed.cause.message, 'the policy must change first'),
  };
}

/** There must be an exact change, under a contract that is still in force. */
function refusalOfEffect(world: World, row: ProposalRow): Reply | undefined {
  if (row.state === 'changes_requested') {
    return refuse('decision_outdated', 'the proposal was sent back with a question', 'wait for the answer');
  }
  const body = world.body(row.body_seq);
  if (body === undefined || !('change_set' in body)) {
    return refuse('look_required', 'nobody has seen the row yet', 'ask for a fresh look, then decide');
  }
  if (body.requested == null && (row.rehearsal?.drift ?? []).length > 0) {
    return refuse(
      'decision_outdated',
      'the row is no longer what this change set says',
      'it must be proposed again',
    );
  }
  const found = findInForce(world, body.change_set.action);
  const isInForce = found.ok && found.inForce.reference.digest === body.contract?.digest;
  if (body.contract === null || isInForce) return undefined;
  return refuse(
    'contract_not_active',
    'the contract that this was proposed under is in force no more',
    'it must be proposed again',
  );
}

function decided(row: ProposalRow, seq: number, missing = 0): Reply {
  return answer({
    ok: true,
    proposal_id: row.proposal_id,
    status: row.state,
    job_id: row.job_state === null ? null : jobIdOf(row.proposal_id),
    approvals_missing: missing,
    ledger_seq: seq,
  });
}

function alreadyDecided(row: ProposalRow): Reply {
  const last = row.decisions.at(-1);
  const who = last === undefined ? '' : `: ${last.verdict} by ${last.name}`;
  return refuse('proposal_already_decided', `the proposal is ${row.state}${who}; nothing was changed`);
}

/** A quorum counts people, not clicks. */
function decidedByYou(row: ProposalRow): Reply {
  const missing = missingOf(standingOf(row.requirements, row.decisions));
  return refuse(
    'proposal_already_decided',
    `you have approved this already; ${missing} more must`,
    'nothing to do for you',
  );
}

function expired(row: ProposalRow): Reply {
  const at = new Date(row.expires_at).toISOString();
  return refuse(
    'proposal_expired',
    `the proposal expired at ${at} without a decision`,
    'it must be proposed again',
  );
}
