import { deadlinesOfFreezes, freezeSetting } from '../freezes/freeze.ts';
import { rehearsalLaneOf } from '../proposals/lane.ts';
import { deadlinesOf } from '../storage/read-actions.ts';
import { deadlinesOfRuns } from '../storage/read-runs.ts';
import type { Changes } from './rows.ts';
import type { World } from './world.ts';

const timed = new Set(['review', 'lease', 'later']);

/** Whether something happens to a proposal in this lane, by the clock alone, at its rank. */
function isTimed(lane: string | null): boolean {
  return lane !== null && (timed.has(lane) || rehearsalLaneOf(lane) !== undefined);
}

/** When the next sweep is due because of what this turn changed or, in a sweep, left for later. Unix milliseconds. */
export function earliestDeadline(world: World, changes: Changes | undefined): number | undefined {
  const entered = (changes?.proposals ?? [])
    .filter(({ before, after }) => isTimed(after.lane) && before?.rank !== after.rank)
    .map(({ after }) => after.rank ?? 0);
  const ofActions = changes === undefined ? [] : deadlinesOf(changes.rows);
  const ofRuns = changes === undefined ? [] : deadlinesOfRuns(changes.rows);
  const freezes = (changes?.rows.settings ?? []).filter(({ after }) => after.name === 'freezes');
  const ofFreezes = freezes.flatMap(({ after }) => deadlinesOfFreezes(freezeSetting(after).freezes));
  return [...entered, ...ofActions, ...ofRuns, ...ofFreezes, ...world.deadlines].reduce<number | undefined>(
    (earliest, time) => (earliest === undefined || time < earliest ? time : earliest),
    undefined,
  );
}
