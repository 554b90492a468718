import { type FreshnessAuthority, freshnessAuthoritySchema } from '@countersign/protocol/freshness';
import type { ColumnValue } from '@countersign/protocol/values';
import { keyText, versionText } from './column-text.ts';
import { configuredTable } from './configured-table.ts';
import type { Dependency } from './operation-plan.ts';
import type { RefusalReason } from './refusal-reasons.ts';
import type { VerifyScope } from './verify-job.ts';
import { wrongTenant } from './wrong-change.ts';

export type VerifiedDependencies =
  | { readonly ok: true; readonly dependencies: readonly Dependency[] }
  | { readonly ok: false; readonly reason: RefusalReason };

/**
 * The rows that must be as they were (PROTOCOL 3.14), each of the job's own tenant and of a configured table. In the order
 * in which every job locks them.
 *
 * @param authority whatever stands there; undefined where a job depends on nothing
 */
export function verifyDependencies(
  scope: VerifyScope,
  tenantGuard: ColumnValue,
  authority: unknown,
): VerifiedDependencies {
  if (authority === undefined) return { ok: true, dependencies: [] };
  const parsed = freshnessAuthoritySchema.safeParse(authority);
  if (!parsed.success) return { ok: false, reason: 'FRESHNESS_UNSUPPORTED' };
  const dependencies: Dependency[] = [];
  for (const described of parsed.data.dependencies) {
    const verified = verify(scope, tenantGuard, described);
    if (typeof verified === 'string') return { ok: false, reason: verified };
    dependencies.push(verified);
  }
  return { ok: true, dependencies: dependencies.sort((a, b) => (placeOf(a) < placeOf(b) ? -1 : 1)) };
}

function placeOf({ key, table, tenant = '' }: Dependency): string {
  return JSON.stringify([table, tenant, key]);
}

function verify(
  { source, sourceId }: VerifyScope,
  tenantGuard: ColumnValue,
  { engine, expected_version, source_id, target }: FreshnessAuthority['dependencies'][number],
): Dependency | RefusalReason {
  if (source_id !== sourceId && source_id !== source.alias) return 'SOURCE_NOT_MINE';
  if (engine !== source.engine) return 'ENGINE_MISMATCH';
  const name = `${target.schema}.${target.table}`;
  const table = configuredTable(source, name);
  if (table === undefined || target.primary_key.column !== table.primary_key) return 'DEPENDENCY_NOT_ALLOWED';
  if (target.principal_column !== undefined) return 'PRINCIPAL_SCOPE_UNSUPPORTED';
  if (wrongTenant(table, { column: target.tenant_column, value: tenantGuard.value }) !== undefined)
    return 'DEPENDENCY_NOT_ALLOWED';
  if (expected_version.column !== table.version.column) return 'VERSION_COLUMN_MISMATCH';
  const key = keyText(target.primary_key.value);
  const version = versionText(table.version.advance, expected_version.value);
  const tenant = 'column' in table.tenant ? keyText(tenantGuard.value) : null;
  if (key === undefined || version === undefined || tenant === undefined) return 'VALUE_TYPE';
  return { table: name, key, tenant: tenant ?? undefined, version };
}
