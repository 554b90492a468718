import * as z from 'zod';
import {
  columnValueSchema,
  digestSchema,
  foreignIdSchema,
  identifierSchema,
  labelSchema,
  MOST_COLUMNS,
  scalarSchema,
  timestampSchema,
} from '../values.ts';

/** What change sets of every form hold (PROTOCOL 3.12). `approval`, `writeback` and `evidence` are open there. */

export const approvalSchema = z.looseObject({
  status: z.enum(['pending', 'approved', 'rejected', 'canceled']),
  required_role: labelSchema.optional(),
  required_approvals: z.int().min(1).max(10).optional(),
});

const evidenceSchema = z.looseObject({
  bundle_id: labelSchema,
  query_fingerprint: z.string().max(200),
  items: z.array(z.json()).max(100),
});

export const envelopeFields = {
  proposal_id: foreignIdSchema,
  proposal_version: z.int().min(1),
  action: labelSchema,
  contract: z.strictObject({ digest: digestSchema, version: z.string().min(1).max(128) }).optional(),
  mode: z.enum(['read_only', 'shadow', 'review_required', 'approved_for_writeback']),
  principal: z.strictObject({
    id: labelSchema,
    source: z.enum(['trusted_session', 'cloud_session', 'environment', 'static_dev']),
  }),
  scope: z.strictObject({ tenant_id: labelSchema, business_object: labelSchema, object_id: labelSchema }),
  evidence: evidenceSchema,
  approval: approvalSchema,
  writeback: z.looseObject({
    status: labelSchema,
    mode: z.enum(['trusted_worker_required', 'synapsor_merge', 'read_only']),
    executor: labelSchema.optional(),
  }),
  source_database_mutated: z.literal(false),
  integrity: z.strictObject({ proposal_hash: digestSchema }),
  created_at: timestampSchema,
};

/** For changes that no policy may approve: people decide, and a runner writes by SQL. */
export const reviewedFields = {
  approval: approvalSchema.extend({ mode: z.enum(['human', 'operator']) }),
  writeback: z.looseObject({
    status: labelSchema,
    mode: z.literal('trusted_worker_required'),
    executor: z.literal('sql_update'),
  }),
};

export const sourceFields = {
  kind: z.enum(['external_postgres', 'external_mysql', 'synapsor_table']),
  source_id: labelSchema,
  schema: identifierSchema,
  table: identifierSchema,
};

export const namedRowSchema = columnValueSchema;
/** A key whose value the database, or each member of a set, gives. */
export const keySchema = z.strictObject({ column: identifierSchema, value: scalarSchema.optional() });

export const allowedColumnsSchema = z.array(identifierSchema).max(MOST_COLUMNS);
export const noColumnsSchema = z.array(identifierSchema).max(0, 'must be empty: nothing is set');
export const noRowSchema = z.strictObject({});
