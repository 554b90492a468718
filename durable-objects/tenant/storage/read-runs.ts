import { isTimedTaskLane, timedTaskLanes } from '../runs/step-lane.ts';
import type { RunRow, StepRow } from '../runs-schema.ts';
import type { Change } from '../turn/rows.ts';
import { readDueIn } from './read-lanes.ts';
import type { Read } from './read-proposals.ts';

/** Tasks whose time has come, runs that nobody ended, and when to look again. */
export function dueRunReads(tenant: string, now: number): Read[] {
  return [
    ...timedTaskLanes.map((lane) => readDueIn(tenant, 'steps', lane, now, (rows) => rows.dueTasks)),
    readDueRuns(tenant, now),
  ];
}

/** Steps that end with their runs in one sweep: so many entries, and everybody else waits for them. */
const MOST_ENDING = 1_000;

/** As many as one turn can end. The others are looked at again at once. */
function readDueRuns(tenant: string, now: number): Read {
  const { fill, statement } = readDueIn(tenant, 'runs', 'open', now, (rows) => rows.dueRuns);
  return {
    statement,
    fill: (rows, found) => {
      fill(rows, found);
      const open = new Map(rows.keyed.runs.map((row) => [row.run_id, row.open.length]));
      let ending = 0;
      const taken = rows.dueRuns.filter((id, place) => {
        ending += open.get(id) ?? 0;
        return place === 0 || ending <= MOST_ENDING;
      });
      if (taken.length < rows.dueRuns.length) rows.deadlines.push(now);
      rows.dueRuns = taken;
    },
  };
}

/** When something happens by the clock alone to what these rows have become. */
export function deadlinesOfRuns(changed: {
  readonly steps: readonly Change<StepRow>[];
  readonly runs: readonly Change<RunRow>[];
}): number[] {
  const steps = changed.steps.filter(
    ({ before, after }) => isTimedTaskLane(after.lane) && before?.rank !== after.rank,
  );
  const runs = changed.runs.filter(({ before, after }) => after.lane !== null && before?.rank !== after.rank);
  return [...steps, ...runs].map(({ after }) => after.rank ?? 0);
}
