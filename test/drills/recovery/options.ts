/** How large a drill of recovery is. */
export interface RecoveryDrillOptions {
  /** Besides the one whose changes are written. */
  readonly others: number;
  /** Proposals that each of the others has made when the snapshots are taken, at least. */
  readonly proposals: number;
  /** Changes that are applied before the snapshot; as many are approved before it and applied after, and as many made after. */
  readonly changes: number;
}

/** As it is run before a release. */
export const full: RecoveryDrillOptions = { others: 4, proposals: 500, changes: 40 };

/** As the suites run it. */
export const small: RecoveryDrillOptions = { others: 1, proposals: 20, changes: 4 };
