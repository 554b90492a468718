import type { ColumnValue, Scalar } from '../values.ts';
import type { Add } from './add-issue.ts';

export type Row = Readonly<Record<string, Scalar>>;

/** The columns that name a row and fence it off: no change sets them. */
export interface KeyColumns {
  readonly primaryKey: string;
  readonly tenant: string;
  readonly principal: string | undefined;
}

/** MySQL knows columns whatever their case. */
export function isSameColumn(one: string, other: string | undefined): boolean {
  return one.toLowerCase() === other?.toLowerCase();
}

export function isKey({ primaryKey, tenant, principal }: KeyColumns, column: string): boolean {
  return [primaryKey, tenant, principal].some((key) => isSameColumn(column, key));
}

/** Keys are not in the allow-list. */
export function checkAllowedColumns(keys: KeyColumns, allowed: readonly string[], add: Add): void {
  allowed.forEach((column, index) => {
    if (isKey(keys, column))
      add([index], 'protected_column', `${column} is a key or guard and may not be changed`);
  });
}

/** What a patch sets is in the allow-list, and is no key. */
export function checkPatchColumns(keys: KeyColumns, allowed: readonly string[], patch: Row, add: Add): void {
  for (const column of Object.keys(patch)) {
    if (isKey(keys, column))
      add([column], 'protected_column', `${column} is a key or guard and may not be changed`);
    else if (!allowed.includes(column))
      add([column], 'column_not_allowed', `${column} is not in guards.allowed_columns`);
  }
}

/** The tenant guard names the tenant that reviewers are shown. */
export function checkTenant(tenant: ColumnValue, scope: { readonly tenant_id: string }, add: Add): void {
  if (tenant.value === null || tenant.value === '') {
    add(['value'], 'tenant_guard_missing', 'must name a tenant');
  } else if (String(tenant.value) !== scope.tenant_id) {
    add(['value'], 'validation_failed', 'must name the tenant of scope.tenant_id');
  }
}

/** A row has a key. */
export function checkKeyValue({ value }: { readonly value?: Scalar | undefined }, add: Add): void {
  if (value === undefined || value === null || value === '')
    add(['value'], 'validation_failed', 'must name a row');
}
