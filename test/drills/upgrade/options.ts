/** How large a drill of an upgrade is. */
export interface UpgradeDrillOptions {
  /** Changes that are written with each pair of a plane's and a runner's release, at least. */
  readonly writes: number;
}

/** As it is run before a release. */
export const full: UpgradeDrillOptions = { writes: 150 };

/** As the suites run it. */
export const small: UpgradeDrillOptions = { writes: 8 };
