/** How large a drill of rotation is. */
export interface RotationDrillOptions {
  readonly sources: number;
  /** Changes of each source that there are to propose. */
  readonly jobs: number;
  /** Rounds of the traffic before each step, at least. */
  readonly between: number;
  /** Whether an old key is taken away while tokens that it made are still in use. */
  readonly isHasty: boolean;
}

/** As it is run before a release. */
export const full: RotationDrillOptions = { sources: 10, jobs: 60, between: 60, isHasty: false };

/** As the suites run it. */
export const small: RotationDrillOptions = { sources: 2, jobs: 15, between: 6, isHasty: false };
