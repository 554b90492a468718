import type { DrillJob } from '../../stop/stage/drill-jobs.ts';

/** One: what the drill watches is the plane and its runners, which take all sources alike. */
const SOURCE = 'src_drill';
/** So that some changes are of one column, and written in one statement. */
const COLUMNS = 4;

/** A change of a row of its own, by its number. */
export function drilledJob(place: number): DrillJob {
  return { source: SOURCE, row: `INV-${place}`, column: `charge_${(place % COLUMNS) + 1}` };
}

/** As many of them, from the given one on. */
export function drilledJobs(count: number, from = 0): readonly DrillJob[] {
  return Array.from({ length: count }, (_, place) => drilledJob(from + place));
}
