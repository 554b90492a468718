/** A time that the plane told, and the database's clock just before it was asked and just after. Unix milliseconds. */
export interface ClockSample {
  readonly before: number;
  readonly plane: number;
  readonly after: number;
}

/** By how many milliseconds the database's clock is ahead of the plane's: no less than the one, no more than the other. */
export interface ClockDifference {
  readonly least: number;
  readonly most: number;
}

/** The plane tells whole milliseconds, cut off. */
const CUT_OFF_MS = 1;

/** What all samples together leave possible. */
export function clockDifference(samples: readonly ClockSample[]): ClockDifference {
  return {
    least: Math.max(...samples.map(({ before, plane }) => before - plane - CUT_OFF_MS)),
    most: Math.min(...samples.map(({ after, plane }) => after - plane)),
  };
}
