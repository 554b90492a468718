import type { ColumnValue } from '../values.ts';
import { type Add, within } from './add-issue.ts';
import { isKey, type KeyColumns, type Row } from './check-columns.ts';
import { checkMembers } from './check-members.ts';
import { checkDeduplication, deduplicationRow } from './deduplication.ts';
import {
  afterDigest,
  aggregateOf,
  beforeDigest,
  type FrozenSet,
  type Member,
  type SetOperation,
  setDigest,
  tombstoneDigest,
} from './frozen-set.ts';

/** What the members of a set are held against: the same of a change set and of the job that carries it out. */
export interface SetFrame {
  readonly operation: SetOperation;
  readonly keys: KeyColumns;
  readonly tenant: ColumnValue;
  readonly allowedColumns: readonly string[];
  readonly patch: Row;
  /** Which column moves by one with every row; undefined except for a set that is updated. */
  readonly versionColumn: string | undefined;
}

/** Works out again all that a frozen set says of itself: nobody decides on a count, a sum or a digest that is not so. */
export function checkFrozenSet(frame: SetFrame, set: FrozenSet, add: Add): void {
  const { members, row_count, max_rows, aggregate_bounds, set_digest } = set;
  if (members.length !== row_count) add(['row_count'], 'validation_failed', 'is not the number of members');
  if (row_count > max_rows) add(['row_count'], 'validation_failed', 'is more than max_rows');
  checkMembers(members, frame.keys.primaryKey, within(add, 'members'));
  members.forEach((member, index) => {
    checkMember(frame, member, within(add, 'members', index));
  });
  aggregate_bounds.forEach((bound, index) => {
    const sum = aggregateOf(bound, members);
    if (sum !== bound.actual)
      add(['aggregate_bounds', index, 'actual'], 'validation_failed', 'is not the sum over the members');
    if (bound.actual > bound.maximum)
      add(['aggregate_bounds', index, 'actual'], 'validation_failed', 'is more than the maximum');
  });
  if (set_digest !== setDigest(frame.operation, set))
    add(['set_digest'], 'validation_failed', 'is not the digest of the set');
}

function checkMember(frame: SetFrame, member: Member, add: Add): void {
  switch (frame.operation) {
    case 'set_update':
      checkUpdated(frame, member, add);
      break;
    case 'set_delete':
      checkDeleted(frame, member, add);
      break;
    case 'batch_insert':
      checkInserted(frame, member, add);
      break;
  }
}

type Digests = { readonly before?: string; readonly after?: string; readonly tombstone?: string };

/** A digest that is due is there and right; one that is not due is not there. */
function checkDigests(member: Member, due: Digests, add: Add): void {
  const pairs = [
    ['before_digest', member.before_digest, due.before],
    ['after_digest', member.after_digest, due.after],
    ['tombstone_digest', member.tombstone_digest, due.tombstone],
  ] as const;
  for (const [name, given, expected] of pairs) {
    if (given === expected) continue;
    add(
      [name],
      'validation_failed',
      expected === undefined ? 'must be left away' : 'is not the digest of the row',
    );
  }
}

/** The row is one of the tenant, and stands at the version that guards it. */
function checkStanding(
  { tenant, keys }: SetFrame,
  { primary_key, before, expected_version }: Member,
  add: Add,
) {
  if (before[tenant.column] !== tenant.value)
    add(['before', tenant.column], 'validation_failed', 'is not the tenant of the guard');
  if (Object.hasOwn(before, keys.primaryKey) && before[keys.primaryKey] !== primary_key.value)
    add(['before', keys.primaryKey], 'validation_failed', 'is not the key of the member');
  if (expected_version === undefined) add(['expected_version'], 'validation_failed', 'is missing');
  else if (expected_version.value === null || before[expected_version.column] !== expected_version.value)
    add(['expected_version', 'value'], 'validation_failed', 'is not what the row shows');
}

function checkUpdated(frame: SetFrame, member: Member, add: Add): void {
  const { before, after, expected_version, deduplication } = member;
  checkStanding(frame, member, add);
  checkDigests(member, { before: beforeDigest(member), after: afterDigest(member) }, add);
  if (deduplication !== undefined) add(['deduplication'], 'validation_failed', 'is for inserts');
  if (expected_version?.column !== frame.versionColumn)
    add(['expected_version', 'column'], 'validation_failed', 'must be the column of version_advance');
  const version = expected_version?.value;
  if (typeof version !== 'number' || !Number.isSafeInteger(version)) {
    add(['expected_version', 'value'], 'validation_failed', 'must be an integer to move by one');
    return;
  }
  const whole: Row = { ...before, ...frame.patch, [expected_version?.column ?? '']: version + 1 };
  checkSameRow(
    after,
    whole,
    'must be before, with what the patch sets and the next version',
    within(add, 'after'),
  );
}

function checkDeleted(frame: SetFrame, member: Member, add: Add): void {
  checkStanding(frame, member, add);
  checkDigests(member, { before: beforeDigest(member), tombstone: tombstoneDigest(member) }, add);
  if (Object.keys(member.after).length > 0)
    add(['after'], 'validation_failed', 'must be empty: the row is gone');
  if (member.deduplication !== undefined) add(['deduplication'], 'validation_failed', 'is for inserts');
}

function checkInserted({ keys, tenant, allowedColumns }: SetFrame, member: Member, add: Add): void {
  const { primary_key, before, after, deduplication, expected_version } = member;
  checkDigests(member, { after: afterDigest(member) }, add);
  if (Object.keys(before).length > 0)
    add(['before'], 'validation_failed', 'must be empty: there is no row yet');
  if (expected_version !== undefined) add(['expected_version'], 'validation_failed', 'must be left away');
  if (deduplication === undefined) {
    add(['deduplication'], 'validation_failed', 'is missing');
    return;
  }
  checkDeduplication(deduplication, tenant, within(add, 'deduplication'));
  const fixed = deduplicationRow(deduplication);
  if (fixed[keys.primaryKey] !== primary_key.value)
    add(['deduplication', 'components'], 'validation_failed', 'must have the key of the member');
  for (const [column, value] of Object.entries(fixed)) {
    if (after[column] !== value)
      add(['after', column], 'validation_failed', 'must be what deduplication gives it');
  }
  for (const column of Object.keys(after)) {
    if (Object.hasOwn(fixed, column)) continue;
    if (isKey(keys, column)) add(['after', column], 'protected_column', `${column} is a key or guard`);
    else if (!allowedColumns.includes(column))
      add(['after', column], 'column_not_allowed', `${column} is not in the allowed columns`);
  }
}

function checkSameRow(given: Row, whole: Row, message: string, add: Add): void {
  for (const column of new Set([...Object.keys(given), ...Object.keys(whole)])) {
    if (!Object.hasOwn(given, column) || given[column] !== whole[column])
      add([column], 'validation_failed', message);
  }
}
