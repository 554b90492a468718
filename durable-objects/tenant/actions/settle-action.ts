import type { Identity } from '../access/identity.ts';
import type { AskOf } from '../turn/command.ts';
import { type Outcome, unchanged } from '../turn/outcome.ts';
import { answer, refuse } from '../turn/reply.ts';
import type { World } from '../turn/world.ts';
import { actionSubject } from './action-subject.ts';

/**
 * A person says what became of an action of which nobody could tell, or which was tried too often: it has happened, it
 * has not and never will, or it has not and is to be tried again under the same key.
 */
export function settleAction(
  world: World,
  { actionId, outcome, reason }: AskOf<'settle-action'>,
  { actor, name }: Identity,
  _now: number,
): Outcome {
  const row = world.row('actions', actionId);
  if (row === undefined) return unchanged(refuse('action_not_found', `there is no action ${actionId}`));
  if (row.state !== 'unknown' && row.state !== 'dead_letter') {
    const message = `the action is ${row.state}; there is nothing to settle`;
    return unchanged(refuse('action_not_settleable', message));
  }
  const status = outcome === 'retry' ? 'queued' : outcome;
  const about = { actor, subject: actionSubject(actionId) };
  return {
    reply: answer({ ok: true, action_id: actionId, status, ledger_seq: world.nextSeq }),
    entries: [
      outcome === 'retry'
        ? { ...about, type: 'action.requeued', body: { reason, name, not_before: null, is_vouched: true } }
        : { ...about, type: 'action.settled', body: { outcome, reason, name } },
    ],
  };
}
