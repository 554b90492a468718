import * as z from 'zod';
import { adder, within } from '../change-set/add-issue.ts';
import { checkAllowedColumns, checkPatchColumns } from '../change-set/check-columns.ts';
import { checkFrozenSet } from '../change-set/check-frozen-set.ts';
import { allowedColumnsSchema, noColumnsSchema } from '../change-set/envelope.ts';
import { frozenSetSchema } from '../change-set/frozen-set.ts';
import { inverseCaptureSchema } from '../change-set/inverse-descriptor.ts';
import { integerAdvanceSchema } from '../change-set/version-advance.ts';
import { identifierSchema, rowSchema } from '../values.ts';
import { emptyPatchSchema, freshnessField, jobFields, noGuardSchema, targetFields } from './job-fields.ts';
import { keysOf } from './single-row-job.ts';

/* The normalized "3.0" job: every member of a frozen set is written, or none (PROTOCOL 3.6). */

const shared = {
  protocol_version: z.literal('3.0'),
  ...jobFields,
  ...freshnessField,
  target: z.strictObject({ ...targetFields, primary_key: z.strictObject({ column: identifierSchema }) }),
  conflict_guard: noGuardSchema,
  frozen_set: frozenSetSchema,
  inverse_capture: inverseCaptureSchema.optional(),
};

const updateObject = z.strictObject({
  ...shared,
  operation: z.literal('set_update'),
  allowed_columns: allowedColumnsSchema,
  patch: rowSchema,
  version_advance: integerAdvanceSchema,
});
const deleteObject = z.strictObject({
  ...shared,
  operation: z.literal('set_delete'),
  allowed_columns: noColumnsSchema,
  patch: emptyPatchSchema,
});
const insertObject = z.strictObject({
  ...shared,
  operation: z.literal('batch_insert'),
  allowed_columns: allowedColumnsSchema,
  patch: emptyPatchSchema,
});
type BoundedSetFields =
  | z.infer<typeof updateObject>
  | z.infer<typeof deleteObject>
  | z.infer<typeof insertObject>;

/** The set is worked out again from its members: a runner trusts no count, sum or digest that came with it. */
function check(job: BoundedSetFields, context: z.core.$RefinementCtx): void {
  const add = adder(context);
  const { operation, target, allowed_columns, patch, frozen_set } = job;
  const keys = keysOf(job);
  checkAllowedColumns(keys, allowed_columns, within(add, 'allowed_columns'));
  checkPatchColumns(keys, allowed_columns, patch, within(add, 'patch'));
  const frame = {
    operation,
    keys,
    tenant: target.tenant_guard,
    allowedColumns: allowed_columns,
    patch,
    versionColumn: 'version_advance' in job ? job.version_advance.column : undefined,
  };
  checkFrozenSet(frame, frozen_set, within(add, 'frozen_set'));
}

export const boundedSetJobSchema = z.discriminatedUnion('operation', [
  updateObject.superRefine(check),
  deleteObject.superRefine(check),
  insertObject.superRefine(check),
]);
export type BoundedSetJob = z.infer<typeof boundedSetJobSchema>;
