/** A seed whose history once went wrong, and what it showed. */
export interface Regression {
  readonly seed: number;
  readonly showed: string;
}

export const STEPS = 250;

export const regressions: readonly Regression[] = [
  { seed: 404, showed: 'a fresh look put up for decision again what a reviewer had asked about' },
  { seed: 4064, showed: 'a freeze that was lifted in the turn of a sweep ended without what it had moved' },
];
