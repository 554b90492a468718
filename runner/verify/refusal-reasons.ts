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
/** What the public job cannot say, so that it is found beside it. */
export type ClaimReason = 'FRESHNESS_UNSUPPORTED';
export type RefusalReason = (typeof refusalReasons)[number] | ClaimReason;

/** What only a rehearsal can ask for too much of; the first is of a source whose configuration allows none. */
export const rehearsalReasons = ['REHEARSAL_NOT_ALLOWED', 'COLUMN_NOT_VISIBLE', 'RATE_LIMITED'] as const;
/** Why this runner will not carry out a rehearsal. */
export type RehearsalReason = RefusalReason | (typeof rehearsalReasons)[number];

/** Why a lease gives no authority to write. Nothing is reported for these: the lease is renewed or let go. */
export const authorityReasons = ['LEASE_NOT_MINE', 'LEASE_EXPIRED', 'AUTHORITY_LAPSED'] as const;
export type AuthorityReason = (typeof authorityReasons)[number];
