/** How large a drill of an upgrade is. */
export interface UpgradeDrillOptions {
  /** Changes that are written with each pair of a plane's and a runner's release, at least. */
  readonly writes: number;
  /** With a migration that changes what was hashed: to see that the drill notices it. */
  readonly isBreaking: boolean;
}

/** As it is run before a release. */
export const full: UpgradeDrillOptions = { writes: 150, isBreaking: false };

/** As the suites run it. */
export const small: UpgradeDrillOptions = { writes: 8, isBreaking: false };
