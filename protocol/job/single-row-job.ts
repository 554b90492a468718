import * as z from 'zod';
import { type Add, adder, within } from '../change-set/add-issue.ts';
import { checkAllowedColumns, checkPatchColumns, type KeyColumns } from '../change-set/check-columns.ts';
import {
  checkDeduplication,
  checkNoOverlap,
  checkProposalComponent,
  deduplicationRow,
  deduplicationSchema,
} from '../change-set/deduplication.ts';
import { allowedColumnsSchema, noColumnsSchema } from '../change-set/envelope.ts';
import { inverseCaptureSchema } from '../change-set/inverse-descriptor.ts';
import { versionAdvanceSchema } from '../change-set/version-advance.ts';
import { columnValueSchema, rowSchema } from '../values.ts';
import {
  emptyPatchSchema,
  freshnessField,
  jobFields,
  looseTargetSchema,
  noGuardSchema,
  targetFields,
  versionGuardSchema,
} from './job-fields.ts';

/* The normalized "2.0" job: one row is updated, inserted or deleted (PROTOCOL 3.5). */

const shared = {
  protocol_version: z.literal('2.0'),
  ...jobFields,
  ...freshnessField,
  inverse_capture: inverseCaptureSchema.optional(),
};
const namedTarget = z.strictObject({ ...targetFields, primary_key: columnValueSchema });

const updateObject = z.strictObject({
  ...shared,
  operation: z.literal('single_row_update'),
  target: namedTarget,
  allowed_columns: allowedColumnsSchema,
  patch: rowSchema,
  conflict_guard: versionGuardSchema,
  version_advance: versionAdvanceSchema.optional(),
});
const insertObject = z.strictObject({
  ...shared,
  operation: z.literal('single_row_insert'),
  target: looseTargetSchema,
  allowed_columns: allowedColumnsSchema,
  patch: rowSchema,
  conflict_guard: noGuardSchema,
  deduplication: deduplicationSchema,
});
const deleteObject = z.strictObject({
  ...shared,
  operation: z.literal('single_row_delete'),
  target: namedTarget,
  allowed_columns: noColumnsSchema,
  patch: emptyPatchSchema,
  conflict_guard: versionGuardSchema,
});

interface Keyed {
  readonly target: {
    readonly primary_key: { readonly column: string };
    readonly tenant_guard: { readonly column: string };
    readonly principal_scope?: { readonly column: string } | undefined;
  };
}

export function keysOf({ target }: Keyed): KeyColumns {
  return {
    primaryKey: target.primary_key.column,
    tenant: target.tenant_guard.column,
    principal: target.principal_scope?.column,
  };
}

function checkColumns(job: z.infer<typeof updateObject> | z.infer<typeof insertObject>, add: Add): void {
  checkAllowedColumns(keysOf(job), job.allowed_columns, within(add, 'allowed_columns'));
  checkPatchColumns(keysOf(job), job.allowed_columns, job.patch, within(add, 'patch'));
}

export const singleRowJobSchema = z.discriminatedUnion('operation', [
  updateObject.superRefine((job, context) => {
    const add = adder(context);
    const { version_advance, conflict_guard, patch } = job;
    checkColumns(job, add);
    if (version_advance === undefined) return;
    if (version_advance.column !== conflict_guard.column)
      add(['version_advance', 'column'], 'validation_failed', 'must be the column of the version guard');
    if (Object.hasOwn(patch, version_advance.column))
      add(['version_advance', 'column'], 'validation_failed', 'is set by the patch, too');
    if (
      version_advance.strategy === 'integer_increment' &&
      !Number.isSafeInteger(conflict_guard.expected_value)
    )
      add(['conflict_guard', 'expected_value'], 'validation_failed', 'must be an integer to move by one');
  }),
  insertObject.superRefine((job, context) => {
    const add = adder(context);
    const at = within(add, 'deduplication');
    const { deduplication, target } = job;
    checkColumns(job, add);
    checkDeduplication(deduplication, target.tenant_guard, at);
    checkProposalComponent(deduplication, job.proposal_id, at);
    checkNoOverlap(deduplication, job.patch, at);
    const { column, value } = target.primary_key;
    if (deduplicationRow(deduplication)[column] !== value)
      add(
        ['target', 'primary_key', 'value'],
        'validation_failed',
        'must be what deduplication gives the key',
      );
  }),
  deleteObject,
]);
export type SingleRowJob = z.infer<typeof singleRowJobSchema>;
