import type { Identity } from '../access/identity.ts';
import type { AskOf } from '../turn/command.ts';
import { type Outcome, unchanged } from '../turn/outcome.ts';
import { answer, refuse } from '../turn/reply.ts';
import type { World } from '../turn/world.ts';
import { actionSubject } from './action-subject.ts';

/** Takes an action back that nobody has begun. Again is the same answer. */
export function cancelAction(
  world: World,
  { actionId, reason }: AskOf<'cancel-action'>,
  identity: Identity,
  _now: number,
): Outcome {
  const row = world.row('actions', actionId);
  const isTheirs = identity.kind !== 'agent' || row?.proposer_id === identity.actor.id;
  if (row === undefined || !isTheirs) {
    return unchanged(refuse('action_not_found', `there is no action ${actionId}`));
  }
  const reply = (seq: number) =>
    answer({ ok: true, action_id: actionId, status: 'canceled', ledger_seq: seq });
  if (row.state === 'canceled') return unchanged(reply(row.tip_seq));
  const isOpen = row.state === 'proposed' || row.state === 'held' || row.state === 'queued';
  if (!isOpen || row.begun_at !== null) {
    const why = isOpen ? 'an attempt may have reached the provider already' : `it is ${row.state}`;
    return unchanged(refuse('action_not_cancelable', `the action can no longer be canceled: ${why}`));
  }
  const body = { reason, name: identity.name, effect_digest: row.effect_digest, cause: null };
  return {
    reply: reply(world.nextSeq),
    entries: [{ type: 'action.canceled', actor: identity.actor, subject: actionSubject(actionId), body }],
  };
}
