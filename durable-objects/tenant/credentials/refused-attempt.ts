import type { Identity } from '../access/identity.ts';
import { dayOf } from '../policies/limits.ts';
import type { Draft } from '../turn/event.ts';
import type { World } from '../turn/world.ts';

/** So many are recorded of each credential on a day: nobody may fill the ledger with what is refused anyway. */
export const MOST_RECORDED_A_DAY = 100;

interface Attempt {
  readonly capability: string;
  readonly code: string;
  /** Names of what was not the caller's to set. */
  readonly hidden: readonly string[];
}

/** The entry that says that somebody tried to set what only a credential may say. */
export function refusedAttempt(
  world: World,
  { capability, code, hidden }: Attempt,
  { actor }: Identity,
  now: number,
): readonly Draft[] {
  const key = `${dayOf(now)}:attempts:${actor.id}`;
  if ((world.row('counters', key)?.count ?? 0) >= MOST_RECORDED_A_DAY) return [];
  const body = {
    credential: actor.id,
    capability: capability.slice(0, 200),
    code,
    hidden: hidden.slice(0, 20),
    counted: [{ key, count: 1, total: 0 }],
  };
  return [{ type: 'attempt.refused', actor, subject: `attempt/${world.nextSeq}`, body }];
}
