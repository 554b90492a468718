/** How large a drill of the emergency stop is, and with which runner. */
export interface StopDrillOptions {
  readonly sources: number;
  /** Of each source. A runner holds no more than 50 jobs of one. */
  readonly jobs: number;
  /** Takes the guard out of the runner that ends its writes in time, which the drill must notice. */
  readonly isUnguarded: boolean;
}

/** As it is run before a release. */
export const full: StopDrillOptions = { sources: 20, jobs: 50, isUnguarded: false };

/** As the suites run it. */
export const small: StopDrillOptions = { sources: 4, jobs: 25, isUnguarded: false };
