/** A seed whose history once went wrong, and what it showed. */
export interface Regression {
  readonly seed: number;
  readonly showed: string;
}

export const STEPS = 200;

export const regressions: readonly Regression[] = [];

/**
 * Faults that are known and not mended yet. The suite expects exactly these to fail, so a new one is noticed and a
 * mended one must be moved to `regressions`.
 */
export const unresolved: readonly Regression[] = [
  { seed: 7547, showed: 'a lease that is over may wait for its sweep although no alarm is left for it' },
];
