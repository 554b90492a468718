import * as z from 'zod';
import { columnValue, fullDigest, identifier, leaseFields, scalar, text } from './reads.ts';

/* What existing workers read of jobs of the later versions (PROTOCOL 3.5 to 3.7). */

const digest = z.string().regex(/^sha256:.+$/);
const row = z.record(identifier, scalar);
const advance = z.object({
  column: identifier,
  strategy: z.enum(['integer_increment', 'database_generated']),
});
/** A member that must not be there. */
const absent = z.undefined().optional();
/** Of every job after the first version (PROTOCOL 3.5). */
const laterFields = {
  job_id: text,
  proposal_id: text,
  approval_id: digest,
  contract: z.object({ contract_id: text, contract_version_id: text, digest: fullDigest }),
  source_id: text,
  engine: z.enum(['postgres', 'mysql']),
  idempotency_key: text,
  ...leaseFields,
};
const place = { schema: identifier, table: identifier, tenant_guard: columnValue };
const guardedByVersion = z.object({
  kind: z.literal('version_column'),
  column: identifier,
  expected_value: scalar,
});
const unguarded = z.object({ kind: z.literal('none') });
const oneRow = z.object({ ...place, primary_key: columnValue });

/** A job "2.0" (PROTOCOL 3.5), by its operation. */
export const jobTwo = z.discriminatedUnion('operation', [
  z.object({
    protocol_version: z.literal('2.0'),
    operation: z.literal('single_row_update'),
    ...laterFields,
    target: oneRow,
    allowed_columns: z.array(identifier).min(1).max(256),
    patch: row,
    conflict_guard: guardedByVersion,
    version_advance: advance.optional(),
    deduplication: absent,
  }),
  z.object({
    protocol_version: z.literal('2.0'),
    operation: z.literal('single_row_insert'),
    ...laterFields,
    target: z.object({ ...place, primary_key: z.object({ column: identifier, value: scalar.optional() }) }),
    allowed_columns: z.array(identifier).min(1).max(256),
    patch: row,
    conflict_guard: unguarded,
    version_advance: absent,
    deduplication: z.object({
      components: z
        .array(columnValue.extend({ source: z.enum(['proposal_id', 'trusted_tenant', 'fixed']) }))
        .min(1)
        .max(8),
    }),
  }),
  z.object({
    protocol_version: z.literal('2.0'),
    operation: z.literal('single_row_delete'),
    ...laterFields,
    target: oneRow,
    allowed_columns: z.array(identifier).length(0),
    patch: z.strictObject({}),
    conflict_guard: guardedByVersion,
    version_advance: absent,
    deduplication: absent,
  }),
]);

/** A job "3.0" that updates (PROTOCOL 3.6). */
export const jobThree = z.object({
  protocol_version: z.literal('3.0'),
  operation: z.literal('set_update'),
  ...laterFields,
  target: z.object({ ...place, primary_key: z.strictObject({ column: identifier }) }),
  allowed_columns: z.array(identifier).max(256),
  patch: row,
  conflict_guard: unguarded,
  version_advance: advance,
  frozen_set: z.looseObject({
    max_rows: z.number().int().min(1).max(100),
    row_count: z.number().int().min(1).max(100),
    members: z.array(z.looseObject({ primary_key: columnValue, before: row, after: row })).min(1),
    set_digest: digest,
  }),
});

/** A job "4.0" that restores (PROTOCOL 3.7). */
export const jobFour = z.object({
  protocol_version: z.literal('4.0'),
  operation: z.literal('restore_update'),
  ...laterFields,
  target: oneRow,
  allowed_columns: z.array(identifier).max(256),
  patch: z.strictObject({}),
  conflict_guard: unguarded,
  freshness: absent,
  compensation: z.looseObject({ availability: z.literal('available'), members: z.array(z.looseObject({})) }),
  forward_receipt_hash: digest,
});
