import { providers } from '@countersign/protocol/action/providers';
import { system } from '../access/identity.ts';
import type { ActionRow } from '../actions-schema.ts';
import type { Draft } from '../turn/event.ts';
import type { World } from '../turn/world.ts';
import { actionSubject } from './action-subject.ts';
import { expireAction } from './expire-action.ts';

/** What the clock does to actions: decisions that nobody took, rests that are over, claims that ran out. */
export function sweepActions(world: World, now: number): readonly Draft[] {
  return (
    world.dueActions
      .map((id) => world.row('actions', id))
      .filter((row) => row !== undefined)
      // An earlier command of the same turn may have moved it.
      .filter(({ rank }) => rank !== null && rank <= now)
      .flatMap((row) => entryFor(row) ?? [])
  );
}

function entryFor(row: ActionRow): Draft | undefined {
  const about = { actor: system.actor, subject: actionSubject(row.action_id) };
  switch (row.lane) {
    case 'review':
    case 'tied':
      return expireAction(row);
    case 'later':
      return { ...about, type: 'action.ready', body: { because: 'rest_over' } };
    case 'lease': {
      const { attempt, claim_id } = row;
      if (claim_id === null) return undefined;
      return { ...about, type: 'action.claim_expired', body: { claim_id, attempt, becomes: afterLoss(row) } };
    }
    default:
      return undefined;
  }
}

/**
 * A worker was lost. What it had begun is unknown where neither the provider nor a later worker can tell; else it is
 * tried again, under the same key, as often as the contract says.
 */
function afterLoss({ charged, claim_begun_at, most_attempts, provider }: ActionRow) {
  if (claim_begun_at !== null && !providers[provider].settlesItself) return 'unknown';
  return charged + 1 >= most_attempts ? 'dead_letter' : 'queued';
}
