import * as z from 'zod';
import { principalScopeSchema } from '../principal-scope.ts';
import { columnValueSchema, foreignIdSchema, identifierSchema, labelSchema, rowSchema } from '../values.ts';
import { allowedColumnsSchema, noRowSchema } from './envelope.ts';
import { aggregateBoundSchema, anyRowSchema, MOST_MEMBERS } from './frozen-set.ts';
import { lineageSchema } from './lineage.ts';
import { integerAdvanceSchema } from './version-advance.ts';

/** What takes a change back, row by row: how each must stand, and what it is set to (PROTOCOL 3.13). */

export const reversals = ['restore_update', 'remove_insert', 'restore_insert'] as const;

const shared = {
  schema_version: z.literal('synapsor.inverse-descriptor.v1'),
  cardinality: z.enum(['single', 'set']),
  forward_proposal_id: foreignIdSchema,
  forward_writeback_job_id: z.string().min(1).max(200),
  target: z.strictObject({
    source_id: labelSchema,
    schema: identifierSchema,
    table: identifierSchema,
    primary_key_column: identifierSchema,
  }),
  tenant_guard: columnValueSchema,
  principal_scope: principalScopeSchema.optional(),
  allowed_columns: allowedColumnsSchema,
  max_rows: z.int().min(1).max(MOST_MEMBERS),
  aggregate_bounds: z.array(aggregateBoundSchema).max(8).default([]),
  lineage: lineageSchema,
};
const available = {
  ...shared,
  availability: z.literal('available'),
  reason_codes: z.array(z.string()).max(0, 'must be empty: it is available').default([]),
};

const restoreUpdateSchema = z.strictObject({
  ...available,
  operation: z.literal('restore_update'),
  members: z
    .array(
      z.strictObject({
        primary_key: columnValueSchema,
        expected_state: rowSchema,
        restore_values: rowSchema,
      }),
    )
    .min(1)
    .max(MOST_MEMBERS),
  version_advance: integerAdvanceSchema,
});
const removeInsertSchema = z.strictObject({
  ...available,
  operation: z.literal('remove_insert'),
  members: z
    .array(z.strictObject({ primary_key: columnValueSchema, expected_state: rowSchema }))
    .min(1)
    .max(MOST_MEMBERS),
});
const restoreInsertSchema = z.strictObject({
  ...available,
  operation: z.literal('restore_insert'),
  members: z
    .array(
      z.strictObject({
        primary_key: columnValueSchema,
        expected_state: noRowSchema,
        restore_values: rowSchema,
      }),
    )
    .min(1)
    .max(MOST_MEMBERS),
});

/** One that can be carried out. */
export const inverseDescriptorSchema = z.discriminatedUnion('operation', [
  restoreUpdateSchema,
  removeInsertSchema,
  restoreInsertSchema,
]);
export type InverseDescriptor = z.infer<typeof inverseDescriptorSchema>;

/** What a runner is asked to keep of a change, where that is nothing it could carry out. */
const unavailableSchema = z.strictObject({
  ...shared,
  availability: z.literal('best_effort_unavailable'),
  reason_codes: z
    .array(z.string().regex(/^[A-Z][A-Z0-9_]*$/))
    .min(1)
    .max(8),
  operation: z.enum(reversals),
  members: z
    .array(
      z.strictObject({
        primary_key: columnValueSchema,
        expected_state: anyRowSchema,
        restore_values: anyRowSchema.optional(),
      }),
    )
    .min(1)
    .max(MOST_MEMBERS),
});

export const inverseCaptureSchema = z.discriminatedUnion('availability', [
  inverseDescriptorSchema,
  unavailableSchema,
]);
export type InverseCapture = z.infer<typeof inverseCaptureSchema>;
