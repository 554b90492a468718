/** How large a drill of an end is. */
export interface TeardownDrillOptions {
  /** Projects that end. */
  readonly ending: number;
  /** Proposals that each of them has. */
  readonly proposals: number;
}

/** As it is run before a release. */
export const full: TeardownDrillOptions = { ending: 3, proposals: 300 };

/** As the suites run it. */
export const small: TeardownDrillOptions = { ending: 1, proposals: 10 };
