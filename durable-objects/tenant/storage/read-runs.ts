import { isTimedTaskLane, timedTaskLanes } from '../runs/step-lane.ts';
import type { RunRow, StepRow } from '../runs-schema.ts';
import type { Change } from '../turn/rows.ts';
import { readDueIn } from './read-lanes.ts';
import type { Read } from './read-proposals.ts';

/** Tasks whose time has come, runs that nobody ended, and when to look again. */
export function dueRunReads(tenant: string, now: number): Read[] {
  return [
    ...timedTaskLanes.map((lane) => readDueIn(tenant, 'steps', lane, now, (rows) => rows.dueTasks)),
    readDueIn(tenant, 'runs', 'open', now, (rows) => rows.dueRuns),
  ];
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
