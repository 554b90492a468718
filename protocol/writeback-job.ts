import * as z from 'zod';
import { freshnessAuthoritySchema } from './freshness.ts';
import { principalScopeSchema } from './principal-scope.ts';
import { traceparentSchema } from './traceparent.ts';
import {
  columnValueSchema,
  digestSchema,
  foreignIdSchema,
  identifierSchema,
  labelSchema,
  MOST_COLUMNS,
  rowSchema,
  scalarSchema,
  timestampSchema,
} from './values.ts';

export const contractReferenceSchema = z.strictObject({
  contract_id: labelSchema,
  contract_version_id: labelSchema,
  digest: digestSchema,
});
export type ContractReference = z.infer<typeof contractReferenceSchema>;

export const leaseSchema = z.strictObject({
  lease_id: z.string().min(1).max(200),
  attempt: z.int().min(1),
  expires_at: timestampSchema,
});

/** The public job (PROTOCOL 3.2, 3.5). Strict: a runner refuses a job with a field that it does not know. */
export const publicJobSchema = z.strictObject({
  schema_version: z.literal('synapsor.writeback-job.v1'),
  writeback_job_id: z.string().min(1).max(200),
  proposal_id: foreignIdSchema,
  proposal_version: z.int().min(1),
  proposal_hash: digestSchema,
  runner_scope: z.strictObject({ project_id: labelSchema, source_id: labelSchema }),
  engine: z.enum(['postgres', 'mysql']),
  operation: z.literal('single_row_update'),
  target: z.strictObject({
    schema: identifierSchema,
    table: identifierSchema,
    primary_key: columnValueSchema,
  }),
  tenant_guard: columnValueSchema,
  principal_scope: principalScopeSchema.optional(),
  allowed_columns: z.array(identifierSchema).min(1).max(MOST_COLUMNS),
  patch: rowSchema,
  conflict_guard: z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('column'), column: identifierSchema, expected_value: scalarSchema }),
    z.strictObject({ kind: z.literal('row_hash'), expected_hash: z.string().min(1).max(200) }),
    z.strictObject({ kind: z.literal('none') }),
  ]),
  idempotency_key: z.string().min(1).max(400),
  lease: leaseSchema,
});
export type PublicJob = z.infer<typeof publicJobSchema>;

/** The normalized "1.0" job, which existing workers parse (PROTOCOL 3.4), with both forms of the lease. */
const normalizedJobSchema = z.object({
  protocol_version: z.literal('1.0'),
  job_id: z.string().min(1),
  proposal_id: z.string().min(1),
  approval_id: digestSchema,
  contract: contractReferenceSchema.optional(),
  source_id: z.string().min(1),
  engine: z.enum(['postgres', 'mysql']),
  operation: z.literal('single_row_update'),
  target: z.object({
    schema: identifierSchema,
    table: identifierSchema,
    primary_key: columnValueSchema,
    tenant_guard: columnValueSchema,
    principal_scope: principalScopeSchema.optional(),
  }),
  allowed_columns: z.array(identifierSchema).min(1),
  patch: rowSchema,
  conflict_guard: z.object({
    kind: z.literal('version_column'),
    column: identifierSchema,
    expected_value: scalarSchema,
  }),
  freshness: freshnessAuthoritySchema.optional(),
  idempotency_key: z.string().min(1),
  lease: leaseSchema,
  lease_id: z.string().min(1),
  lease_expires_at: timestampSchema,
  attempt_count: z.int().min(1),
});

/** The normalized form, and beside it what our runner reads. */
export const guardedUpdateJobSchema = normalizedJobSchema.extend({
  /** The moment, on the control plane's clock, by which the write must have begun (DESIGN 8). */
  write_by: timestampSchema,
  /** Which trace the proposal came in; absent when it named none. */
  traceparent: traceparentSchema.optional(),
  writeback_job: publicJobSchema,
});
export type GuardedUpdateJob = z.infer<typeof guardedUpdateJobSchema>;
