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
  const known = world.row('targets', target);
  const dead = known?.dead_letters ?? 0;
  if (dead !== expected) {
    const message = `there are ${dead} dead letters of ${target}, not ${expected}`;
    return unchanged(refuse('recovery_outdated', message, 'count them again, then decide'));
  }
  const some = world.actionsIn(deadLane(target), MOST_RECOVERED);
  const apart = 60_000 / per_minute;
  // Behind those that an earlier call has brought back, which are spread as well.
  const first = Math.max(now, (known?.recovers_until ?? 0) + apart);
  const at = (place: number) => Math.round(first + place * apart);
  const entries = some.map((row, place) => ({
    type: 'action.requeued' as const,
    actor,
    subject: actionSubject(row.action_id),
    body: { reason, name, not_before: at(place) <= now ? null : at(place), is_vouched: false },
  }));
  return {
    reply: answer({
      ok: true,
      target,
      recovered: some.length,
      left: expected - some.length,
      last_at: new Date(at(some.length - 1)).toISOString(),
      ledger_seq: world.nextSeq,
    }),
    entries,
  };
}
