/** A seed whose history once went wrong, and what it showed. */
export interface Regression {
  readonly seed: number;
  readonly showed: string;
}

export const STEPS = 200;

export const regressions: readonly Regression[] = [];
