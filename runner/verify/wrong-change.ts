import type { ColumnValue, Scalar } from '@countersign/protocol/values';
import { protectedRole, type TablePermission } from '../config/runner-config.ts';
import type { RefusalReason } from './refusal-reasons.ts';

/** What a job and a rehearsal both name. */
interface Change {
  readonly allowed_columns: readonly string[];
  readonly patch: Readonly<Record<string, Scalar>>;
}

/** A table without tenants has no column to compare: what the job names as its tenant is then only a label. */
export function wrongTenant({ tenant }: TablePermission, guard: ColumnValue): RefusalReason | undefined {
  if (!('column' in tenant)) return undefined;
  if (guard.value === null || guard.value === '') return 'TENANT_GUARD_MISSING';
  if (guard.column !== tenant.column) return 'TENANT_COLUMN_MISMATCH';
  if (tenant.values === undefined) return undefined;
  return tenant.values.includes(String(guard.value)) ? undefined : 'TENANT_NOT_ALLOWED';
}

/** A name that parsing drops from a map without a word: what is left would not be what was approved. */
export function vanishedColumn(value: unknown): RefusalReason | undefined {
  return Object.hasOwn(Object(Object(value).patch), '__proto__') ? 'COLUMN_NOT_CONFIGURED' : undefined;
}

/** What of the columns that are to be written is not this runner's to write. */
export function wrongColumn(
  table: TablePermission,
  { allowed_columns, patch }: Change,
): RefusalReason | undefined {
  const named = [...allowed_columns, ...Object.keys(patch)];
  if (named.some((column) => protectedRole(table, column) !== undefined)) return 'PROTECTED_COLUMN';
  if (named.some((column) => !table.columns.includes(column))) return 'COLUMN_NOT_CONFIGURED';
  const isOutside = (column: string) => !allowed_columns.includes(column);
  return Object.keys(patch).some(isOutside) ? 'PATCH_OUTSIDE_ALLOWED' : undefined;
}
