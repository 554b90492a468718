/** A seed whose history once went wrong, and what it showed. */
export interface Regression {
  readonly seed: number;
  readonly showed: string;
}

export const STEPS = 250;

export const regressions: readonly Regression[] = [
  {
    seed: 7547,
    showed: 'a lease given by a clock that ran minutes ahead ends when the others have caught up',
  },
  { seed: 9733, showed: 'a lease whose batch was doubled, and the next read lost, costs an attempt' },
  { seed: 404, showed: 'a fresh look put up for decision again what a reviewer had asked about' },
];
