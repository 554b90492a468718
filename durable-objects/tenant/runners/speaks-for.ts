import { endedBecause } from '../access/credential-state.ts';
import type { Identity } from '../access/identity.ts';
import type { RunnerRow } from '../schema.ts';
import type { World } from '../turn/world.ts';

/**
 * Whether a token may say what becomes of a runner that serves no source: only the one that registered it, and whoever
 * comes after that one has ended. A runner with sources is anybody's who could serve them.
 */
export function speaksFor(
  world: World,
  { registered_by, sources }: RunnerRow,
  { actor }: Identity,
  now: number,
): boolean {
  if (sources.length > 0 || registered_by === null || registered_by === actor.id) return true;
  const row = world.credential(registered_by);
  return row === undefined || row.status === 'retiring' || endedBecause(row, now) !== undefined;
}
