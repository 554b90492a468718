import { covers, type Freeze, freezeOver, freezeSetting } from '../freezes/freeze.ts';
import { freezeMark } from '../freezes/freeze-view.ts';
import type { Held } from '../hold.ts';
import type { World } from '../turn/world.ts';
import type { Waiter } from './waiter.ts';

/** What a claim is told that is held from this turn on. */
export function heldAs(world: World, waiter: Waiter, now: number): Held {
  const freeze = freezeOver(world, coveredIn(waiter), now);
  return freeze === undefined ? {} : { frozen: freezeMark(freeze) };
}

/**
 * Those who wait and whom a freeze has begun, or ceased, to hold back in this turn. Their polls are answered, since a
 * worker that is not told would go by what it heard when its poll began.
 */
export function stirredByFreezes(world: World, waiters: readonly Waiter[], now: number): readonly Waiter[] {
  const change = world.changedRows('settings').find(({ after }) => after.name === 'freezes');
  if (change === undefined) return [];
  const { freezes } = freezeSetting(change.before);
  return waiters.filter((waiter) => {
    const before = freezes.find((freeze) => heldBack(freeze, waiter));
    return before?.freeze_id !== freezeOver(world, coveredIn(waiter), now)?.freeze_id;
  });
}

/** Whatever the time is: what is over stays in the list until a turn has ended it. */
function heldBack({ scope, state }: Freeze, waiter: Waiter): boolean {
  return state === 'in_force' && covers(scope, coveredIn(waiter));
}

function coveredIn({ runnerId, sourceId }: Waiter) {
  return { source: sourceId, runner: runnerId };
}
