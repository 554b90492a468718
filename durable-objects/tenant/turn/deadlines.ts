import type { Changes } from './rows.ts';
import type { World } from './world.ts';

const timed = new Set(['review', 'lease', 'later']);

/** When the next sweep is due because of what this turn changed or, in a sweep, left for later. Unix milliseconds. */
export function earliestDeadline(world: World, changes: Changes | undefined): number | undefined {
  const entered = (changes?.proposals ?? [])
    .filter(
      ({ before, after }) => after.lane !== null && timed.has(after.lane) && before?.rank !== after.rank,
    )
    .map(({ after }) => after.rank ?? 0);
  return [...entered, ...world.deadlines].reduce<number | undefined>(
    (earliest, time) => (earliest === undefined || time < earliest ? time : earliest),
    undefined,
  );
}
