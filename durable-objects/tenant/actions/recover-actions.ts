import type { Identity } from '../access/identity.ts';
import type { AskOf } from '../turn/command.ts';
import { type Outcome, unchanged } from '../turn/outcome.ts';
import { answer, refuse } from '../turn/reply.ts';
import type { World } from '../turn/world.ts';
import { deadLane } from './action-lane.ts';
import { actionSubject } from './action-subject.ts';

/** Dead letters that one call brings back: what a turn can write. */
export const MOST_RECOVERED = 200;

/**
 * Tries the dead letters of a target again, the oldest first, no faster than so many a minute: a provider that has just
 * recovered is not to be knocked over.
 */
export function recoverActions(
  world: World,
  { request }: AskOf<'recover-actions'>,
  { actor, name }: Identity,
  now: number,
): Outcome {
  const { expected, per_minute, reason, target } = request;
  const dead = world.actionsIn(deadLane(target), MOST_RECOVERED + 1);
  const isWhole = dead.length <= MOST_RECOVERED;
  if (isWhole ? dead.length !== expected : expected < dead.length) {
    const message = `${isWhole ? dead.length : `more than ${MOST_RECOVERED}`} dead letters of ${target}, not ${expected}`;
    return unchanged(refuse('recovery_outdated', message, 'count them again, then decide'));
  }
  const some = dead.slice(0, MOST_RECOVERED);
  const apart = 60_000 / per_minute;
  const entries = some.map((row, place) => ({
    type: 'action.requeued' as const,
    actor,
    subject: actionSubject(row.action_id),
    body: { reason, name, not_before: place === 0 ? null : now + Math.round(place * apart) },
  }));
  const last = now + Math.round((some.length - 1) * apart);
  return {
    reply: answer({
      ok: true,
      target,
      recovered: some.length,
      left: expected - some.length,
      last_at: new Date(last).toISOString(),
      ledger_seq: world.nextSeq,
    }),
    entries,
  };
}
