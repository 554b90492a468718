import type { Identity } from '../access/identity.ts';
import type { ActionRow } from '../actions-schema.ts';
import { missingOf, standingOf } from '../proposals/requirement.ts';
import { refusalOfDuty, stillCounts } from '../proposals/separation-of-duty.ts';
import type { AskOf } from '../turn/command.ts';
import { type Outcome, unchanged } from '../turn/outcome.ts';
import { answer, type Reply, refuse } from '../turn/reply.ts';
import type { World } from '../turn/world.ts';
import { isUndecidedAction } from './action-lane.ts';
import { actionLaw } from './action-law.ts';
import { actionSubject } from './action-subject.ts';
import { expireAction } from './expire-action.ts';
import { turnIn } from './turn-in.ts';

type Decide = AskOf<'decide-action'>;

/** A person lets an action go, or does not. To approve what is let go already is the same answer again. */
export function decideAction(world: World, ask: Decide, identity: Identity, now: number): Outcome {
  const { actionId, reason, verdict } = ask;
  const row = world.row('actions', actionId);
  if (row === undefined) return unchanged(refuse('action_not_found', `there is no action ${actionId}`));
  const by = `${identity.actor.kind}:${identity.actor.id}`;
  const before = row.decisions.find((decision) => decision.by === by);
  if (ask.effectDigest !== null && ask.effectDigest !== row.effect_digest) {
    const message = 'the action is not the one that you looked at';
    return unchanged(refuse('decision_outdated', message, 'look at it again, then decide'));
  }
  if (!isUndecidedAction(row)) return unchanged(afterwards(row, verdict, before?.verdict));
  if (before?.verdict === 'approved' && verdict === 'approved') return unchanged(decided(row, row.tip_seq));
  if (row.expires_at <= now) return { reply: expired(row), entries: [expireAction(row)] };
  const word = { reason, name: identity.name, effect_digest: row.effect_digest };
  const entry = { actor: identity.actor, subject: actionSubject(actionId) };
  if (verdict === 'rejected') {
    const rejected = { ...row, state: 'rejected' as const };
    return {
      reply: decided(rejected, world.nextSeq),
      entries: [{ ...entry, type: 'action.rejected', body: word }],
    };
  }
  const refusal = refusalOf(world, row, identity);
  if (refusal !== undefined) return unchanged(refusal);
  const law = actionLaw(world, row, now);
  if (!law.ok) return unchanged(law.reply);
  const approval_roles = identity.kind === 'person' ? [...identity.approvalRoles] : [];
  const mine = { ...word, verdict, by, at: now, approval_roles } as const;
  const counting = [...row.decisions.filter((one) => stillCounts(world, one)), mine];
  const missing = missingOf(standingOf(law.requirements, counting));
  if (missing > 0) {
    const body = { ...word, approval_roles, requirements: law.requirements };
    return {
      reply: decided(row, world.nextSeq, missing),
      entries: [{ ...entry, type: 'action.approval_recorded', body }],
    };
  }
  const turn = row.after_proposal === null ? turnIn(world, row) : null;
  return {
    reply: decided({ ...row, state: 'queued' }, world.nextSeq),
    entries: [
      { ...entry, type: 'action.approved', body: { ...word, approval_roles, turn, proposal_id: null } },
    ],
  };
}

/** Why this person may not let this go now. */
function refusalOf(world: World, row: ActionRow, identity: Identity): Reply | undefined {
  if (row.decided_with !== null) {
    const message = `it is decided in one with the proposal ${row.decided_with}`;
    return refuse('action_already_decided', message, 'decide that proposal');
  }
  return refusalOfDuty(world, row, identity);
}

/** What is decided already: the same word again is the same answer. */
function afterwards(row: ActionRow, verdict: Decide['verdict'], mine: string | undefined): Reply {
  const isLetGo = row.state !== 'rejected' && row.state !== 'canceled' && row.state !== 'expired';
  if (verdict === 'approved' && isLetGo) return decided(row, row.tip_seq);
  if (verdict === 'rejected' && mine === 'rejected') return decided(row, row.tip_seq);
  if (row.state === 'expired') return expired(row);
  return refuse('action_already_decided', `the action is ${row.state}; nothing was changed`);
}

function decided({ action_id, state }: ActionRow, seq: number, missing = 0): Reply {
  return answer({ ok: true, action_id, status: state, approvals_missing: missing, ledger_seq: seq });
}

function expired({ expires_at }: ActionRow): Reply {
  const at = new Date(expires_at).toISOString();
  return refuse('action_expired', `the action expired at ${at}`, 'it must be asked for again');
}
