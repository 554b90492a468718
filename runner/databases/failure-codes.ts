/**
 * Why a write that passed every check did not happen: one closed list, reported as the result's `error_code`.
 * Nothing else about the failure leaves this machine: a database's messages quote the values of rows.
 */
export const failureCodes = [
  'VALUE_REJECTED',
  'CONSTRAINT_VIOLATED',
  'PERMISSION_DENIED',
  'SCHEMA_MISMATCH',
  'REFUSED_BY_TRIGGER',
  'PRIMARY_KEY_NOT_UNIQUE',
  'VERSION_DID_NOT_ADVANCE',
  'WRITE_SUPPRESSED',
  'RECEIPT_MISMATCH',
  /** A foreign key, or a trigger, would do more than the removal, and the configuration does not allow that. */
  'DELETE_CASCADE_BLOCKED',
  'DELETE_TRIGGER_BLOCKED',
  'TRANSACTION_FAILED',
] as const;
export type FailureCode = (typeof failureCodes)[number];

/** Why a rehearsal came to nothing: the above, and what a write would be tried again for. */
export const rehearsalFailureCodes = [
  ...failureCodes,
  'LOCK_TIMEOUT',
  'STATEMENT_TIMEOUT',
  /** The row changed, or others had to go first, at each try. */
  'SERIALIZATION_FAILURE',
  'DATABASE_UNAVAILABLE',
  /** What is to be shown is more than an answer holds, or text that no answer can hold. */
  'VALUES_NOT_TOLD',
] as const;
export type RehearsalFailureCode = (typeof rehearsalFailureCodes)[number];
