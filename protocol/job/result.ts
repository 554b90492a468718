import * as z from 'zod';
import { MOST_MEMBERS, setOperations } from '../change-set/frozen-set.ts';
import { reversals } from '../change-set/inverse-descriptor.ts';
import { columnValueSchema, digestSchema, foreignIdSchema, scalarSchema } from '../values.ts';

const resultStatuses = [
  'applied',
  'conflict',
  'failed',
  'canceled',
  'already_applied',
  'reconciliation_required',
] as const;

/** What every result says: of which job, under which lease, and how it ended. */
export const resultFields = {
  job_id: z.string().min(1).max(200),
  runner_id: foreignIdSchema,
  lease_id: z.string().min(1).max(200),
  status: z.enum(resultStatuses),
  completed_at: z.string().max(80).optional(),
  intent_id: z.string().min(1).max(200).optional(),
};

interface Ended {
  readonly status: (typeof resultStatuses)[number];
  readonly intent_id?: string | undefined;
}

/** Whoever must reconcile needs to know what. */
function namesIntent({ status, intent_id }: Ended): boolean {
  return status !== 'reconciliation_required' || intent_id !== undefined;
}
const intentMissing = { path: ['intent_id'], message: 'is required with reconciliation_required' };

/** The normalized "1.0" result (PROTOCOL 3.8) with the lease that it answers. */
export const guardedUpdateResultSchema = z
  .strictObject({
    protocol_version: z.literal('1.0'),
    ...resultFields,
    affected_rows: z.int().min(0).optional(),
    result_version: z.string().max(200).optional(),
    result_hash: z.string().max(200).optional(),
    error_code: z.string().max(120).optional(),
  })
  .refine(namesIntent, intentMissing)
  .refine(
    (result) =>
      result.status !== 'applied' || result.affected_rows === undefined || result.affected_rows === 1,
    {
      path: ['affected_rows'],
      message: 'an applied single-row update changes exactly one row',
    },
  );
export type GuardedUpdateResult = z.infer<typeof guardedUpdateResultSchema>;

const laterFields = {
  ...resultFields,
  /** Where the receipt lies: beside the row, or with the runner alone. */
  receipt_authority: z.enum(['source_db', 'runner_ledger']),
  result_hash: digestSchema.optional(),
  completed_at: z.string().min(1).max(80),
  error_code: z
    .string()
    .max(120)
    .regex(/^[A-Z][A-Z0-9_]*$/)
    .optional(),
};
const digests = {
  before_digest: digestSchema.optional(),
  after_digest: digestSchema.optional(),
  tombstone_digest: digestSchema.optional(),
};
const manyFields = {
  affected_rows: z.int().min(0).max(MOST_MEMBERS),
  target_identities: z.array(columnValueSchema).min(1).max(MOST_MEMBERS),
  member_effects: z.array(z.strictObject({ primary_key: columnValueSchema, ...digests })).max(MOST_MEMBERS),
};

/** The "2.0" result: of one row that was updated, inserted or deleted. */
export const singleRowResultSchema = z
  .strictObject({
    protocol_version: z.literal('2.0'),
    ...laterFields,
    operation: z.enum(['single_row_update', 'single_row_insert', 'single_row_delete']),
    affected_rows: z.int().min(0).max(1),
    target_identity: z.array(columnValueSchema).min(1).max(8),
    result_version: scalarSchema.optional(),
    ...digests,
  })
  .refine(namesIntent, intentMissing);
export type SingleRowResult = z.infer<typeof singleRowResultSchema>;

/** The "3.0" result: of a set, member by member. */
export const boundedSetResultSchema = z
  .strictObject({
    protocol_version: z.literal('3.0'),
    ...laterFields,
    ...manyFields,
    operation: z.enum(setOperations),
    set_digest: digestSchema,
    result_version: scalarSchema.optional(),
  })
  .refine(namesIntent, intentMissing);
export type BoundedSetResult = z.infer<typeof boundedSetResultSchema>;

/** The "4.0" result: of a change that was taken back. */
export const compensationResultSchema = z
  .strictObject({
    protocol_version: z.literal('4.0'),
    ...laterFields,
    ...manyFields,
    operation: z.enum(reversals),
  })
  .refine(namesIntent, intentMissing);
export type CompensationResult = z.infer<typeof compensationResultSchema>;
