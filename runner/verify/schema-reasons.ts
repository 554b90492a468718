import type * as z from 'zod';
import type { RefusalReason } from './refusal-reasons.ts';

type Issue = z.core.$ZodIssue;

/** Which reason a job's fields refuse it for, by the field at fault; any other field makes it plainly malformed. */
const reasonByField: ReadonlyMap<PropertyKey | undefined, RefusalReason> = new Map<string, RefusalReason>([
  ['engine', 'ENGINE_MISMATCH'],
  ['proposal_hash', 'PROPOSAL_HASH_INVALID'],
  ['proposal_version', 'PROPOSAL_VERSION_INVALID'],
  ['idempotency_key', 'IDEMPOTENCY_KEY_INVALID'],
  ['tenant_guard', 'TENANT_GUARD_MISSING'],
  ['conflict_guard', 'VERSION_GUARD_MISSING'],
  ['principal_scope', 'PRINCIPAL_SCOPE_UNSUPPORTED'],
  // Of the normalized forms
  ['approval_id', 'PROPOSAL_HASH_INVALID'],
  ['frozen_set', 'SET_INVALID'],
  ['deduplication', 'DEDUPLICATION_MISMATCH'],
  ['compensation', 'COMPENSATION_INVALID'],
  ['freshness', 'FRESHNESS_UNSUPPORTED'],
]);

/** Of issues that say by themselves what is wrong, whichever field they are of. */
const reasonByCode: ReadonlyMap<unknown, RefusalReason> = new Map<unknown, RefusalReason>([
  ['invalid_identifier', 'INVALID_IDENTIFIER'],
  ['protected_column', 'PROTECTED_COLUMN'],
  ['column_not_allowed', 'PATCH_OUTSIDE_ALLOWED'],
]);

/** The fields whose content is data of the customer's rows. */
const VALUE_PATHS = [
  /^target\.primary_key\.value$/,
  /^(target\.)?tenant_guard\.value$/,
  /^patch\.\w+$/,
  /^conflict_guard\.expected_value$/,
];

/** The one reason that says most about a job that does not even parse. */
export function reasonOfIssues(issues: readonly Issue[]): RefusalReason {
  const reasons = issues.flatMap((issue) => reasonsOf(issue, []));
  const mostTelling = (['JOB_UNKNOWN_FIELD', 'INVALID_IDENTIFIER'] as const).find((reason) =>
    reasons.includes(reason),
  );
  return mostTelling ?? reasons[0] ?? 'JOB_MALFORMED';
}

function reasonsOf(issue: Issue, outer: readonly PropertyKey[]): RefusalReason[] {
  const path = [...outer, ...issue.path];
  if (issue.code === 'unrecognized_keys') return ['JOB_UNKNOWN_FIELD'];
  if (issue.code === 'invalid_key') return issue.issues.flatMap((inner) => reasonsOf(inner, path));
  const told = issue.code === 'custom' ? reasonByCode.get(issue.params?.code) : undefined;
  if (told !== undefined) return [told];
  const isThere = issue.input !== undefined;
  if (isThere && VALUE_PATHS.some((form) => form.test(path.map(String).join('.')))) return ['VALUE_TYPE'];
  return [reasonByField.get(path[0]) ?? 'JOB_MALFORMED'];
}
