import * as z from 'zod';
import { identifierSchema, scalarSchema } from '../values.ts';
import { proseSchema, section } from './section.ts';

/*
 * Analyses that a machine froze. This control plane serves no reads, so their shape is checked and their arithmetic
 * is not: a runner does that before it serves one.
 */

const sha256Schema = z.string().regex(/^sha256:[0-9a-f]{64}$/, 'must be sha256: and 64 hex digits');
const instantSchema = z.iso.datetime();
const partSchema = z.record(z.string().min(1).max(64), z.json());
const partsSchema = (least: number, most: number) => z.array(partSchema).min(least).max(most);
const countSchema = (most: number) => z.int().min(1).max(most);

const comparisonSchema = section({
  field: identifierSchema,
  relationship: identifierSchema.optional(),
  operator: z.enum(['eq', 'neq', 'lt', 'lte', 'gt', 'gte']),
  value: section({ fixed: scalarSchema.optional(), from_arg: identifierSchema.optional() }),
});
const membershipSchema = section({
  field: identifierSchema,
  relationship: identifierSchema.optional(),
  operator: z.literal('in'),
  values: z.array(scalarSchema).min(1).max(20),
});

const limitsSchema = section({
  max_rows: countSchema(100),
  max_groups: countSchema(500),
  max_ranked_groups: countSchema(10_000).optional(),
  max_response_cells: countSchema(10_000),
  max_response_bytes: countSchema(1_048_576),
  statement_timeout_ms: countSchema(30_000),
  max_queries_per_session: countSchema(1_000),
  max_extracted_cells_per_session: countSchema(100_000),
  max_differencing_queries: countSchema(100),
  rate_limit_per_minute: countSchema(120),
});

const analysisSchema = section({
  counted_entity: z.literal('subject'),
  measures: partsSchema(1, 4),
  dimensions: partsSchema(0, 3).optional(),
  time_bucket: partSchema.optional(),
  comparison: z.json().optional(),
  order_by: z.json().optional(),
  top_n: countSchema(100).optional(),
  minimum_group_size: countSchema(1_000_000),
});

export const protectedReadSchema = section({
  version: z.literal('1'),
  mode: z.enum(['rows', 'aggregate']),
  boundary_digest: sha256Schema,
  generation_lock_fingerprint: sha256Schema,
  organization_scope: section({
    mode: z.literal('single_organization'),
    organization_id: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9_.:-]{0,127}$/),
    acknowledgement: z.literal('all_rows_belong_to_one_organization'),
  }).optional(),
  predicates: z
    .array(z.discriminatedUnion('operator', [comparisonSchema, membershipSchema]))
    .max(8)
    .optional(),
  time_window: section({
    field: identifierSchema,
    relationship: identifierSchema.optional(),
    start: instantSchema,
    end: instantSchema,
  }).optional(),
  row_order_by: partsSchema(1, 3).optional(),
  relationship: partSchema.optional(),
  relationships: partsSchema(1, 3).optional(),
  aggregate: analysisSchema.optional(),
  limits: limitsSchema,
  description: proseSchema.optional(),
});

/** A single number over many rows; smaller groups than `minimum_group_size` are not answered. */
export const aggregateSchema = section({
  function: z.enum(['count', 'sum', 'avg']),
  minimum_group_size: countSchema(1_000_000),
  count_mode: z.enum(['rows', 'non_null']).optional(),
  column: identifierSchema.optional(),
  selection: section({
    all: z
      .array(section({ column: identifierSchema, operator: z.literal('eq'), value: scalarSchema }))
      .min(1)
      .max(8),
  }).optional(),
});
