import * as z from 'zod';
import { keySchema, noRowSchema } from '../change-set/envelope.ts';
import { freshnessAuthoritySchema } from '../freshness.ts';
import { principalScopeSchema } from '../principal-scope.ts';
import { traceparentSchema } from '../traceparent.ts';
import {
  columnValueSchema,
  digestSchema,
  foreignIdSchema,
  identifierSchema,
  labelSchema,
  timestampSchema,
} from '../values.ts';
import { contractReferenceSchema, leaseSchema } from '../writeback-job.ts';

/** What normalized jobs of the versions "2.0", "3.0" and "4.0" hold (PROTOCOL 3.5), with both forms of the lease. */
export const jobFields = {
  job_id: z.string().min(1).max(200),
  proposal_id: foreignIdSchema,
  approval_id: digestSchema,
  contract: contractReferenceSchema.optional(),
  source_id: labelSchema,
  engine: z.enum(['postgres', 'mysql']),
  idempotency_key: z.string().min(1).max(400),
  lease: leaseSchema,
  lease_id: z.string().min(1).max(200),
  lease_expires_at: timestampSchema,
  attempt_count: z.int().min(1),
  /** The moment, on the control plane's clock, by which the write must have begun (DESIGN 8). */
  write_by: timestampSchema,
  /** Which trace the proposal came in; absent when it named none. */
  traceparent: traceparentSchema.optional(),
};

export const targetFields = {
  schema: identifierSchema,
  table: identifierSchema,
  tenant_guard: columnValueSchema,
  principal_scope: principalScopeSchema.optional(),
};

export const noGuardSchema = z.strictObject({ kind: z.literal('none') });
export const versionGuardSchema = z.strictObject({
  kind: z.literal('version_column'),
  column: identifierSchema,
  expected_value: columnValueSchema.shape.value,
});
export const emptyPatchSchema = noRowSchema;
export const looseTargetSchema = z.strictObject({ ...targetFields, primary_key: keySchema });
export const freshnessField = { freshness: freshnessAuthoritySchema.optional() };
