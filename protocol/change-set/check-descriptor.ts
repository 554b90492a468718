import { canonicalJson } from '../canonical-json.ts';
import type { ColumnValue } from '../values.ts';
import { type Add, within } from './add-issue.ts';
import { isKey, isSameColumn, type KeyColumns, type Row } from './check-columns.ts';
import { checkMembers } from './check-members.ts';
import type { InverseDescriptor } from './inverse-descriptor.ts';

/** What a descriptor is held against: the same of a change set and of the job that carries it out. */
export interface DescriptorFrame {
  readonly source: {
    readonly source_id: string;
    readonly schema: string;
    readonly table: string;
    readonly primary_key: { readonly column: string };
  };
  readonly tenant: ColumnValue;
  readonly principalScope: object | undefined;
  readonly allowedColumns: readonly string[];
}

/** A descriptor says where it writes, whose rows, and which columns: all of it must be what was reviewed. */
export function checkDescriptor(frame: DescriptorFrame, descriptor: InverseDescriptor, add: Add): void {
  const { source, tenant, principalScope, allowedColumns } = frame;
  const { target, tenant_guard, principal_scope, allowed_columns, members, max_rows } = descriptor;
  const places = [
    ['source_id', target.source_id, source.source_id],
    ['schema', target.schema, source.schema],
    ['table', target.table, source.table],
    ['primary_key_column', target.primary_key_column, source.primary_key.column],
  ] as const;
  for (const [name, given, expected] of places) {
    if (given !== expected) add(['target', name], 'validation_failed', `must be ${expected}`);
  }
  if (tenant_guard.column !== tenant.column || tenant_guard.value !== tenant.value)
    add(['tenant_guard'], 'validation_failed', 'is not the tenant guard of the change');
  if (canonicalJson(principal_scope ?? null) !== canonicalJson(principalScope ?? null))
    add(['principal_scope'], 'validation_failed', 'is not the principal scope of the change');
  const isSameList =
    new Set(allowed_columns).size === new Set(allowedColumns).size &&
    allowed_columns.every((column) => allowedColumns.includes(column));
  if (!isSameList) add(['allowed_columns'], 'validation_failed', 'are not those of the change');
  if (members.length > max_rows) add(['members'], 'validation_failed', 'are more than max_rows');
  if (descriptor.cardinality === 'single' && members.length > 1)
    add(['cardinality'], 'validation_failed', 'must be set for several rows');
  checkMembers(members, target.primary_key_column, within(add, 'members'));
  checkStates(descriptor, add);
}

function checkStates(descriptor: InverseDescriptor, add: Add): void {
  const { target, tenant_guard, principal_scope, allowed_columns } = descriptor;
  const keys: KeyColumns = {
    primaryKey: target.primary_key_column,
    tenant: tenant_guard.column,
    principal: principal_scope?.column,
  };
  descriptor.members.forEach((member, index) => {
    const at = within(add, 'members', index);
    const { primary_key, expected_state } = member;
    checkKeys(keys, { primary_key, tenant_guard }, expected_state, within(at, 'expected_state'));
    const restore_values = restoredBy(member);
    if (restore_values === undefined) return;
    const isInsert = descriptor.operation === 'restore_insert';
    for (const column of Object.keys(restore_values)) {
      const isOwnKey = isKey(keys, column);
      if (isOwnKey && isInsert) continue;
      if (isOwnKey) at(['restore_values', column], 'protected_column', `${column} is a key or guard`);
      else if (!allowed_columns.includes(column))
        at(['restore_values', column], 'column_not_allowed', `${column} is not in allowed_columns`);
    }
    if (!isInsert) return;
    checkKeys(keys, { primary_key, tenant_guard }, restore_values, within(at, 'restore_values'));
    for (const column of [keys.primaryKey, keys.tenant]) {
      if (!Object.hasOwn(restore_values, column))
        at(['restore_values', column], 'validation_failed', 'is missing');
    }
  });
  if (descriptor.operation === 'restore_update') checkVersions(descriptor, add);
}

/** What a member is set to; undefined where the row is removed. */
export function restoredBy(member: InverseDescriptor['members'][number]): Row | undefined {
  return 'restore_values' in member ? member.restore_values : undefined;
}

type Fences = { readonly primary_key: ColumnValue; readonly tenant_guard: ColumnValue };

/** Where a state shows the columns that name and fence off the row, they are those of the row. */
function checkKeys({ primaryKey, tenant }: KeyColumns, fences: Fences, state: Row, add: Add): void {
  if (Object.hasOwn(state, primaryKey) && state[primaryKey] !== fences.primary_key.value)
    add([primaryKey], 'validation_failed', 'is not the key of the member');
  if (Object.hasOwn(state, tenant) && state[tenant] !== fences.tenant_guard.value)
    add([tenant], 'validation_failed', 'is not the tenant of the guard');
}

/** A row is restored from the version that the change left, and moves on from there. */
function checkVersions(
  { members, version_advance, allowed_columns }: Extract<InverseDescriptor, { operation: 'restore_update' }>,
  add: Add,
): void {
  const { column } = version_advance;
  if (allowed_columns.some((allowed) => isSameColumn(allowed, column)))
    add(['version_advance', 'column'], 'validation_failed', 'moves by itself, so it is no allowed column');
  members.forEach(({ expected_state }, index) => {
    if (!Number.isSafeInteger(expected_state[column]))
      add(
        ['members', index, 'expected_state', column],
        'validation_failed',
        'must be the integer that guards the row',
      );
  });
}
