import { boundedSetJobSchema } from '@countersign/protocol/job/bounded-set-job';
import { compensationJobSchema } from '@countersign/protocol/job/compensation-job';
import { singleRowJobSchema } from '@countersign/protocol/job/single-row-job';
import * as z from 'zod';
import { type TablePermission, visibleColumns } from '../config/runner-config.ts';
import { insertedColumns } from '../databases/table-rights.ts';
import { isPrintable } from './column-text.ts';
import { configuredTable } from './configured-table.ts';
import { verifyDependencies } from './dependencies.ts';
import { wrongOperation } from './operation-allowed.ts';
import type { OperationPlan } from './operation-plan.ts';
import { operationPlanOf } from './operation-plan-of.ts';
import { type ClaimedRow, type OperationJob, rowsOf } from './planned-rows.ts';
import type { RefusalReason } from './refusal-reasons.ts';
import { reasonOfIssues } from './schema-reasons.ts';
import type { VerifyScope } from './verify-job.ts';
import type { WritePlan } from './write-plan.ts';
import { vanishedColumn, wrongColumn, wrongTenant } from './wrong-change.ts';

/** The normalized jobs that this runner reads themselves (PROTOCOL 3.5 to 3.7). */
const jobSchema = z.discriminatedUnion('protocol_version', [
  singleRowJobSchema,
  boundedSetJobSchema,
  compensationJobSchema,
]);

export type VerifiedOperation =
  | { readonly ok: true; readonly plan: OperationPlan | WritePlan; readonly job: OperationJob }
  | { readonly ok: false; readonly reason: RefusalReason };

/**
 * Checks a job of the versions 2.0 to 4.0 against this runner's own configuration, as `verifyJob` does one of 1.0: the
 * schema has worked out its digests, counts and sums anew, and here nothing gets into the plan that the configuration does
 * not name. An update of one row that depends on no other becomes the plan of a plain write. Pure: no clock, no I/O.
 */
export function verifyOperation(scope: VerifyScope, value: unknown): VerifiedOperation {
  const parsed = jobSchema.safeParse(value, { reportInput: true });
  if (!parsed.success) return refuse(reasonOfIssues(parsed.error.issues));
  const job = parsed.data;
  const sender = wrongIdentity(job) ?? wrongAddressee(scope, job);
  if (sender !== undefined) return refuse(sender);
  const name = `${job.target.schema}.${job.target.table}`;
  const table = configuredTable(scope.source, name);
  if (table === undefined) return refuse('TABLE_NOT_CONFIGURED');
  const rows = rowsOf(job);
  const fault =
    wrongGuard(table, job) ??
    wrongOperation(table, job.operation, rows.length) ??
    vanishedColumn(value) ??
    wrongAdvance(table, job) ??
    rows.map((row) => wrongRow(table, job, row)).find((reason) => reason !== undefined);
  if (fault !== undefined) return refuse(fault);
  const freshness = 'freshness' in job ? job.freshness : undefined;
  const verified = verifyDependencies(scope, job.target.tenant_guard, freshness);
  if (!verified.ok) return refuse(verified.reason);
  const plan = operationPlanOf(name, table, job, verified.dependencies);
  return plan === undefined ? refuse('VALUE_TYPE') : { ok: true, plan, job };
}

function refuse(reason: RefusalReason): VerifiedOperation {
  return { ok: false, reason };
}

/** What names the job ends up in the receipt, where it must read the same as here. */
function wrongIdentity(job: OperationJob): RefusalReason | undefined {
  if (!isPrintable(job.idempotency_key)) return 'IDEMPOTENCY_KEY_INVALID';
  if (!isPrintable(job.approval_id)) return 'PROPOSAL_HASH_INVALID';
  return isPrintable(job.job_id) && isPrintable(job.lease_id) ? undefined : 'JOB_MALFORMED';
}

function wrongAddressee(
  { source, sourceId }: VerifyScope,
  { engine, source_id }: OperationJob,
): RefusalReason | undefined {
  if (source_id !== sourceId && source_id !== source.alias) return 'SOURCE_NOT_MINE';
  return engine === source.engine ? undefined : 'ENGINE_MISMATCH';
}

function wrongGuard(table: TablePermission, { target }: OperationJob): RefusalReason | undefined {
  if (target.primary_key.column !== table.primary_key) return 'PRIMARY_KEY_MISMATCH';
  if (target.principal_scope !== undefined) return 'PRINCIPAL_SCOPE_UNSUPPORTED';
  return wrongTenant(table, target.tenant_guard);
}

/** How the version moves is the configuration's to say; a job that counts on another way was not approved for this table. */
function wrongAdvance({ version }: TablePermission, job: OperationJob): RefusalReason | undefined {
  const told = job.protocol_version === '4.0' ? job.compensation : job;
  const advance = 'version_advance' in told ? told.version_advance : undefined;
  if (advance === undefined) return undefined;
  const strategy = version.advance === 'integer' ? 'integer_increment' : 'database_generated';
  return advance.column === version.column && advance.strategy === strategy
    ? undefined
    : 'VERSION_COLUMN_MISMATCH';
}

function wrongRow(table: TablePermission, job: OperationJob, row: ClaimedRow): RefusalReason | undefined {
  const { expected, keys, set, version } = row;
  if (version !== undefined && version.column !== table.version.column) return 'VERSION_COLUMN_MISMATCH';
  const ofTenant = 'column' in table.tenant ? [table.tenant.column] : [job.target.tenant_guard.column];
  const readable = [...ofTenant, ...visibleColumns(table), ...insertedColumns(table)];
  if (Object.keys(expected).some((column) => !readable.includes(column))) return 'COLUMN_NOT_READABLE';
  return wrongKeys(table, Object.keys(keys), ofTenant) ?? wrongColumn(table, { ...job, patch: set });
}

/** What tells an added row from every other one is the configuration's to say, and a member's own key. */
function wrongKeys(
  table: TablePermission,
  named: readonly string[],
  ofTenant: readonly string[],
): RefusalReason | undefined {
  if (named.length === 0) return undefined;
  const columns = table.operations?.insert?.deduplication_columns ?? [];
  const ofKey = insertedColumns(table).filter((column) => column === table.primary_key);
  const known = [...columns, ...ofKey, ...ofTenant];
  if (named.some((column) => !known.includes(column))) return 'DEDUPLICATION_MISMATCH';
  // Either way a unique key lies within them: that of the rows themselves, or the one that the start has looked for.
  const isTold = named.includes(table.primary_key) || columns.every((column) => named.includes(column));
  return isTold ? undefined : 'DEDUPLICATION_MISMATCH';
}
