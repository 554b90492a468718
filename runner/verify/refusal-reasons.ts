/**
 * Why this runner will not carry out a job: one closed list, reported as the result's `error_code`. People and
 * programs depend on these names, so a new one is a change of the interface.
 */
export const refusalReasons = [
  'JOB_MALFORMED',
  'JOB_UNKNOWN_FIELD',
  'SOURCE_NOT_MINE',
  'PROJECT_MISMATCH',
  'ENGINE_MISMATCH',
  'PROPOSAL_HASH_INVALID',
  'PROPOSAL_VERSION_INVALID',
  'IDEMPOTENCY_KEY_INVALID',
  'INVALID_IDENTIFIER',
  'VALUE_TYPE',
  'TABLE_NOT_CONFIGURED',
  'PRIMARY_KEY_MISMATCH',
  'TENANT_GUARD_MISSING',
  'TENANT_COLUMN_MISMATCH',
  'TENANT_NOT_ALLOWED',
  'PRINCIPAL_SCOPE_UNSUPPORTED',
  'VERSION_GUARD_MISSING',
  'VERSION_COLUMN_MISMATCH',
  'PROTECTED_COLUMN',
  'COLUMN_NOT_CONFIGURED',
  'PATCH_OUTSIDE_ALLOWED',
] as const;
/** What only a job of more than the guarded update of one row can be refused for, or one with dependencies. */
export const operationReasons = [
  /** The table's configuration has no word for it, such as for a delete. */
  'OPERATION_NOT_ALLOWED',
  /** More rows at once than the configuration allows. */
  'SET_TOO_LARGE',
  /** The counts, sums or digests of a set are not those of its members, or a member is not the set's. */
  'SET_INVALID',
  /** The columns that make an insert happen once are not those of the configuration. */
  'DEDUPLICATION_MISMATCH',
  /** What is to be taken back does not say plainly how. */
  'COMPENSATION_INVALID',
  /** A column would be read that the configuration neither lets anybody write nor shows. */
  'COLUMN_NOT_READABLE',
  /** A row that must be unchanged is of no configured table, or not named by its key and tenant. */
  'DEPENDENCY_NOT_ALLOWED',
  /** What must be unchanged cannot be made out. */
  'FRESHNESS_UNSUPPORTED',
] as const;
export type RefusalReason = (typeof refusalReasons)[number] | (typeof operationReasons)[number];

/** What only a rehearsal can ask for too much of; the first is of a source whose configuration allows none. */
export const rehearsalReasons = ['REHEARSAL_NOT_ALLOWED', 'COLUMN_NOT_VISIBLE', 'RATE_LIMITED'] as const;
/** Why this runner will not carry out a rehearsal. */
export type RehearsalReason = RefusalReason | (typeof rehearsalReasons)[number];

/** Why a lease gives no authority to write. Nothing is reported for these: the lease is renewed or let go. */
export const authorityReasons = ['LEASE_NOT_MINE', 'LEASE_EXPIRED', 'AUTHORITY_LAPSED'] as const;
export type AuthorityReason = (typeof authorityReasons)[number];
