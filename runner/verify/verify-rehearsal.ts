import { type Rehearsal, rehearsalSchema } from '@countersign/protocol/rehearsal';
import * as z from 'zod';
import { type TablePermission, visibleColumns } from '../config/runner-config.ts';
import { isPrintable, keyText, patchText } from './column-text.ts';
import { configuredTable } from './configured-table.ts';
import type { RehearsalReason } from './refusal-reasons.ts';
import type { RehearsalPlan } from './rehearsal-plan.ts';
import { reasonOfIssues } from './schema-reasons.ts';
import { isAddressable } from './verify-claim.ts';
import type { VerifyScope } from './verify-job.ts';
import { vanishedColumn, wrongColumn, wrongTenant } from './wrong-change.ts';

const { rehearsal_id: rehearsalIdSchema, lease_id: leaseIdSchema } = rehearsalSchema.shape;

/** What must be readable of a claimed rehearsal so that anything can be answered at all. */
const envelopeSchema = z.object({
  rehearsal_id: rehearsalIdSchema.refine(isAddressable),
  lease_id: leaseIdSchema.refine(isPrintable),
});

export type VerifiedRehearsal =
  | { readonly kind: 'accepted'; readonly plan: RehearsalPlan }
  /** To be answered with the reason. */
  | {
      readonly kind: 'refused';
      readonly rehearsalId: string;
      readonly leaseId: string;
      readonly reason: RehearsalReason;
    }
  /** To be let go: there is nothing that could be answered to. */
  | { readonly kind: 'dropped' };

type Verified =
  | { readonly ok: true; readonly plan: RehearsalPlan }
  | { readonly ok: false; readonly reason: RehearsalReason };

/**
 * Checks one element of a claim's `rehearsals` against this runner's own configuration, as `verifyJob` does a job: it
 * can name no table and no column to be written or told that the configuration does not. Pure: no clock, no I/O.
 */
export function verifyRehearsal(scope: VerifyScope, value: unknown): VerifiedRehearsal {
  const envelope = envelopeSchema.safeParse(value);
  if (!envelope.success) return { kind: 'dropped' };
  const { rehearsal_id: rehearsalId, lease_id: leaseId } = envelope.data;
  const verified = verify(scope, value);
  if (verified.ok) return { kind: 'accepted', plan: verified.plan };
  return { kind: 'refused', rehearsalId, leaseId, reason: verified.reason };
}

function verify(scope: VerifyScope, value: unknown): Verified {
  if (scope.source.rehearsals === undefined) return refuse('REHEARSAL_NOT_ALLOWED');
  const parsed = rehearsalSchema.safeParse(value, { reportInput: true });
  if (!parsed.success) return refuse(reasonOfIssues(parsed.error.issues));
  const rehearsal = parsed.data;
  const addressee = wrongAddressee(scope, rehearsal);
  if (addressee !== undefined) return refuse(addressee);
  const name = `${rehearsal.target.schema}.${rehearsal.target.table}`;
  const table = configuredTable(scope.source, name);
  if (table === undefined) return refuse('TABLE_NOT_CONFIGURED');
  const fault =
    wrongGuard(table, rehearsal) ??
    vanishedColumn(value) ??
    wrongColumn(table, rehearsal) ??
    hiddenColumn(table, rehearsal);
  return fault === undefined ? planOf(name, table, rehearsal) : refuse(fault);
}

function refuse(reason: RehearsalReason): Verified {
  return { ok: false, reason };
}

function wrongAddressee(
  { sourceId, source }: VerifyScope,
  { engine, source_id }: Rehearsal,
): RehearsalReason | undefined {
  if (source_id !== sourceId && source_id !== source.alias) return 'SOURCE_NOT_MINE';
  return engine === source.engine ? undefined : 'ENGINE_MISMATCH';
}

function wrongGuard(
  table: TablePermission,
  { target, version_column }: Rehearsal,
): RehearsalReason | undefined {
  if (target.primary_key.column !== table.primary_key) return 'PRIMARY_KEY_MISMATCH';
  if (target.principal_scope !== undefined) return 'PRINCIPAL_SCOPE_UNSUPPORTED';
  const tenant = wrongTenant(table, target.tenant_guard);
  if (tenant !== undefined) return tenant;
  return version_column === table.version.column ? undefined : 'VERSION_COLUMN_MISMATCH';
}

function hiddenColumn(table: TablePermission, { visible_columns }: Rehearsal): RehearsalReason | undefined {
  const allowed = visibleColumns(table);
  return visible_columns.every((column) => allowed.includes(column)) ? undefined : 'COLUMN_NOT_VISIBLE';
}

function planOf(name: string, table: TablePermission, rehearsal: Rehearsal): Verified {
  const { patch, target } = rehearsal;
  const primaryKey = keyText(target.primary_key.value);
  const tenant = 'column' in table.tenant ? keyText(target.tenant_guard.value) : null;
  const columns = Object.keys(patch).sort();
  const values = columns.map((column) => patchText(patch[column] ?? null));
  if (primaryKey === undefined || tenant === undefined) return refuse('VALUE_TYPE');
  if (!values.every((text) => text !== undefined)) return refuse('VALUE_TYPE');
  const plan: RehearsalPlan = {
    rehearsalId: rehearsal.rehearsal_id,
    leaseId: rehearsal.lease_id,
    proposalId: rehearsal.proposal_id,
    agent: rehearsal.agent,
    expiresAtMs: Date.parse(rehearsal.expires_at),
    table: name,
    primaryKey,
    tenant: tenant ?? undefined,
    columns,
    values,
    visible: [...new Set(rehearsal.visible_columns)],
  };
  return { ok: true, plan };
}
