import * as z from 'zod';
import { digest } from '../canonical-json.ts';
import { columnValueSchema, digestSchema, identifierSchema, MOST_COLUMNS, scalarSchema } from '../values.ts';
import type { Row } from './check-columns.ts';
import { deduplicationSchema } from './deduplication.ts';

/** A change of many rows holds every one of them: all or none is written, and no other (PROTOCOL 3.6). */

export const MOST_MEMBERS = 100;
export const setOperations = ['set_update', 'set_delete', 'batch_insert'] as const;
export type SetOperation = (typeof setOperations)[number];

export const anyRowSchema = z
  .record(identifierSchema, scalarSchema)
  .refine((row) => Object.keys(row).length <= MOST_COLUMNS, `must have at most ${MOST_COLUMNS} columns`);

export const aggregateBoundSchema = z.strictObject({
  column: identifierSchema,
  measure: z.enum(['before', 'after', 'absolute_delta']),
  maximum: z.number().min(0),
  /** The sum over the members, as whoever froze them worked it out. */
  actual: z.number().min(0),
});
export type AggregateBound = z.infer<typeof aggregateBoundSchema>;

export const memberSchema = z.strictObject({
  primary_key: columnValueSchema,
  expected_version: columnValueSchema.optional(),
  before: anyRowSchema,
  after: anyRowSchema,
  before_digest: digestSchema.optional(),
  after_digest: digestSchema.optional(),
  tombstone_digest: digestSchema.optional(),
  deduplication: deduplicationSchema.optional(),
});
export type Member = z.infer<typeof memberSchema>;

export const frozenSetSchema = z.strictObject({
  max_rows: z.int().min(1).max(MOST_MEMBERS),
  row_count: z.int().min(1).max(MOST_MEMBERS),
  aggregate_bounds: z.array(aggregateBoundSchema).min(1).max(8),
  members: z.array(memberSchema).min(1).max(MOST_MEMBERS),
  set_digest: digestSchema,
});
export type FrozenSet = z.infer<typeof frozenSetSchema>;

/** PROTOCOL 3.1: of a member's row as it stands, as it will stand, and as it will be gone. */
export function beforeDigest({ primary_key, before }: Member): string {
  return digest({ primary_key: primary_key.value, before });
}
export function afterDigest({ primary_key, after }: Member): string {
  return digest({ primary_key: primary_key.value, after });
}
export function tombstoneDigest({ primary_key, expected_version }: Member): string {
  return digest({ primary_key: primary_key.value, expected_version: expected_version ?? null });
}
export function setDigest(
  operation: SetOperation,
  { members, aggregate_bounds }: Pick<FrozenSet, 'members' | 'aggregate_bounds'>,
): string {
  return digest({ operation, members, aggregate_bounds });
}

/** What a bound measures, summed over the members; undefined where a member has no number there. */
export function aggregateOf(
  { column, measure }: Pick<AggregateBound, 'column' | 'measure'>,
  members: readonly Member[],
): number | undefined {
  let sum = 0;
  for (const { before, after } of members) {
    const size = sizeOf(measure, numberAt(before, column), numberAt(after, column));
    if (size === undefined) return undefined;
    sum += size;
  }
  return sum;
}

function sizeOf(measure: AggregateBound['measure'], before: number | undefined, after: number | undefined) {
  if (measure === 'before') return before === undefined ? undefined : Math.abs(before);
  if (measure === 'after') return after === undefined ? undefined : Math.abs(after);
  return before === undefined || after === undefined ? undefined : Math.abs(after - before);
}

function numberAt(row: Row, column: string): number | undefined {
  const value = Object.hasOwn(row, column) ? row[column] : undefined;
  return typeof value === 'number' ? value : undefined;
}
