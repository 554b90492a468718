import * as z from 'zod';
import { identifierSchema, labelSchema, MOST_COLUMNS, scalarSchema } from '../values.ts';
import { boundSchema, nameSchema, proseSchema, section } from './section.ts';

export const columnsSchema = z.array(identifierSchema).max(MOST_COLUMNS);

/** Exactly one of the three; `parseContract` says so with a code of its own. */
const patchBindingSchema = section({
  fixed: scalarSchema.optional(),
  from_arg: identifierSchema.optional(),
  from_item: identifierSchema.optional(),
});

export const selectionSchema = section({
  all: z
    .array(section({ column: identifierSchema, operator: z.literal('eq'), value: scalarSchema }))
    .min(1)
    .max(8),
});

const deduplicationSchema = section({
  components: z
    .array(
      section({
        column: identifierSchema,
        source: z.enum(['proposal_id', 'trusted_tenant', 'fixed', 'item_field']),
        fixed: scalarSchema.optional(),
        item_field: identifierSchema.optional(),
      }),
    )
    .min(1)
    .max(8),
});

const operationSchema = section({
  kind: z.enum(['update', 'insert', 'delete']),
  cardinality: z.enum(['single', 'set']).optional(),
  version_advance: section({
    column: identifierSchema,
    strategy: z.enum(['integer_increment', 'database_generated']),
  }).optional(),
  deduplication: deduplicationSchema.optional(),
  max_rows: z.int().min(1).max(100).optional(),
  aggregate_bounds: z
    .array(
      section({
        column: identifierSchema,
        measure: z.enum(['before', 'after', 'absolute_delta']),
        maximum: boundSchema.min(0),
      }),
    )
    .min(1)
    .max(8)
    .optional(),
  selection: selectionSchema.optional(),
  batch: section({ items_from_arg: identifierSchema }).optional(),
});

const stateSchema = z.string().min(1).max(200);
const transitionGuardSchema = section({
  from_column: identifierSchema.optional(),
  allowed: z.record(stateSchema, z.array(stateSchema).min(1)),
});

/** What a capability of kind proposal may change, and who decides. */
export const proposalActionSchema = section({
  action: nameSchema,
  allowed_fields: columnsSchema,
  patch: z.record(identifierSchema, patchBindingSchema),
  operation: operationSchema.optional(),
  numeric_bounds: z
    .record(identifierSchema, section({ minimum: boundSchema.optional(), maximum: boundSchema.optional() }))
    .optional(),
  transition_guards: z.record(identifierSchema, transitionGuardSchema).optional(),
  conflict_guard: section({
    column: identifierSchema.optional(),
    weak_guard_ack: z.boolean().optional(),
  }).optional(),
  approval: section({
    mode: z.enum(['human', 'operator', 'policy']).optional(),
    required_role: labelSchema.optional(),
    required_approvals: z.int().min(1).max(10).optional(),
    policy: nameSchema.optional(),
  }).optional(),
  writeback: section({
    mode: z.enum(['direct_sql', 'app_handler', 'cloud_worker', 'none']),
    executor: labelSchema.optional(),
    idempotency_key: proseSchema.optional(),
  }).optional(),
  reversibility: section({ mode: z.literal('reviewed_inverse') }).optional(),
  execution: section({ supervised_worker: z.literal('allowed') }).optional(),
});
