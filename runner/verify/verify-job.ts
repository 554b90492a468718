import type { Scalar } from '@countersign/protocol/values';
import { type PublicJob, publicJobSchema } from '@countersign/protocol/writeback-job';
import type { SourceConfig, TablePermission } from '../config/runner-config.ts';
import { isPrintable, keyText, patchText, versionText } from './column-text.ts';
import { configuredTable } from './configured-table.ts';
import type { RefusalReason } from './refusal-reasons.ts';
import { reasonOfIssues } from './schema-reasons.ts';
import type { WritePlan } from './write-plan.ts';
import { vanishedColumn, wrongColumn, wrongTenant } from './wrong-change.ts';

/** Whom the job must be for. */
export interface VerifyScope {
  readonly sourceId: string;
  readonly projectId: string | undefined;
  readonly source: SourceConfig;
}

export type Verified =
  | {
      readonly ok: true;
      readonly plan: WritePlan;
      readonly lease: PublicJob['lease'];
      readonly table: TablePermission;
      readonly tenantGuard: PublicJob['tenant_guard'];
    }
  | { readonly ok: false; readonly reason: RefusalReason };

/**
 * Checks a public job (`synapsor.writeback-job.v1`) against this runner's own configuration. Whatever the control
 * plane claims, the plan holds only tables and columns that the configuration names. Pure: no clock, no I/O.
 * Whether the lease still allows a write is asked apart (`lapseOf`), immediately before it.
 */
export function verifyJob(scope: VerifyScope, value: unknown): Verified {
  const parsed = publicJobSchema.safeParse(value, { reportInput: true });
  if (!parsed.success) return refuse(reasonOfIssues(parsed.error.issues));
  const job = parsed.data;
  const sender = wrongIdentity(job) ?? wrongAddressee(scope, job);
  if (sender !== undefined) return refuse(sender);
  const name = `${job.target.schema}.${job.target.table}`;
  const table = configuredTable(scope.source, name);
  if (table === undefined) return refuse('TABLE_NOT_CONFIGURED');
  const guard = wrongGuard(table, job) ?? vanishedColumn(value) ?? wrongColumn(table, job);
  return guard === undefined ? planOf(name, table, job) : refuse(guard);
}

function refuse(reason: RefusalReason): Verified {
  return { ok: false, reason };
}

/** What names the job ends up in the receipt, where it must read the same as here. */
function wrongIdentity(job: PublicJob): RefusalReason | undefined {
  if (!isPrintable(job.idempotency_key)) return 'IDEMPOTENCY_KEY_INVALID';
  if (!isPrintable(job.proposal_hash)) return 'PROPOSAL_HASH_INVALID';
  return isPrintable(job.writeback_job_id) && isPrintable(job.lease.lease_id) ? undefined : 'JOB_MALFORMED';
}

function wrongAddressee(
  { sourceId, projectId, source }: VerifyScope,
  job: PublicJob,
): RefusalReason | undefined {
  const named = job.runner_scope.source_id;
  if (named !== sourceId && named !== source.alias) return 'SOURCE_NOT_MINE';
  if (projectId !== undefined && job.runner_scope.project_id !== projectId) return 'PROJECT_MISMATCH';
  return job.engine === source.engine ? undefined : 'ENGINE_MISMATCH';
}

function wrongGuard(table: TablePermission, job: PublicJob): RefusalReason | undefined {
  if (job.target.primary_key.column !== table.primary_key) return 'PRIMARY_KEY_MISMATCH';
  if (job.principal_scope !== undefined) return 'PRINCIPAL_SCOPE_UNSUPPORTED';
  const tenant = wrongTenant(table, job.tenant_guard);
  if (tenant !== undefined) return tenant;
  if (job.conflict_guard.kind !== 'column') return 'VERSION_GUARD_MISSING';
  return job.conflict_guard.column === table.version.column ? undefined : 'VERSION_COLUMN_MISMATCH';
}

function planOf(name: string, table: TablePermission, job: PublicJob): Verified {
  const primaryKey = keyText(job.target.primary_key.value);
  const tenant = 'column' in table.tenant ? keyText(job.tenant_guard.value) : null;
  const expectedVersion = versionText(table.version.advance, expectedValue(job));
  const columns = Object.keys(job.patch).sort();
  const values = columns.map((column) => patchText(job.patch[column] ?? null));
  if (primaryKey === undefined || tenant === undefined || expectedVersion === undefined)
    return refuse('VALUE_TYPE');
  if (!values.every((text) => text !== undefined)) return refuse('VALUE_TYPE');
  const plan: WritePlan = {
    table: name,
    primaryKey,
    tenant: tenant ?? undefined,
    expectedVersion,
    columns,
    values,
    idempotencyKey: job.idempotency_key,
    jobId: job.writeback_job_id,
    proposalId: job.proposal_id,
    proposalHash: job.proposal_hash,
  };
  return { ok: true, plan, lease: job.lease, table, tenantGuard: job.tenant_guard };
}

function expectedValue({ conflict_guard }: PublicJob): Scalar {
  return conflict_guard.kind === 'column' ? conflict_guard.expected_value : null;
}
