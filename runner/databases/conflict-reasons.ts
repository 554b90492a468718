/** Why nothing was written though nothing failed: the database is not as it was when the change was approved. */
export const conflictReasons = [
  'VERSION_CONFLICT',
  'ROW_NOT_FOUND',
  /** A row has the values already that were to make the new one the only one. */
  'INSERT_DEDUP_CONFLICT',
  /** One of a set's rows is gone, or not as it was; none of them was written. */
  'SET_DRIFT_CONFLICT',
  /** What is to be taken back is not as the change left it. */
  'ROW_CHANGED_AFTER_PROPOSAL',
  /** Another row, on which the proposal was founded, is not as it was. */
  'FRESHNESS_DEPENDENCY_STALE',
] as const;
export type ConflictReason = (typeof conflictReasons)[number];
