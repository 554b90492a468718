import * as z from 'zod';
import { adder, within } from '../change-set/add-issue.ts';
import { checkAllowedColumns } from '../change-set/check-columns.ts';
import { checkDescriptor } from '../change-set/check-descriptor.ts';
import { allowedColumnsSchema } from '../change-set/envelope.ts';
import { inverseDescriptorSchema, reversals } from '../change-set/inverse-descriptor.ts';
import { digestSchema } from '../values.ts';
import { emptyPatchSchema, jobFields, looseTargetSchema, noGuardSchema } from './job-fields.ts';
import { keysOf } from './single-row-job.ts';

/** The normalized "4.0" job: a change is taken back, as its descriptor says (PROTOCOL 3.7). */
export const compensationJobSchema = z
  .strictObject({
    protocol_version: z.literal('4.0'),
    ...jobFields,
    operation: z.enum(reversals),
    target: looseTargetSchema,
    allowed_columns: allowedColumnsSchema,
    patch: emptyPatchSchema,
    conflict_guard: noGuardSchema,
    compensation: inverseDescriptorSchema,
    forward_receipt_hash: digestSchema,
  })
  .superRefine((job, context) => {
    const add = adder(context);
    const { operation, source_id, target, allowed_columns, compensation } = job;
    checkAllowedColumns(keysOf(job), allowed_columns, within(add, 'allowed_columns'));
    if (operation !== compensation.operation)
      add(['operation'], 'validation_failed', 'is not that of the descriptor');
    const frame = {
      source: { ...target, source_id },
      tenant: target.tenant_guard,
      principalScope: target.principal_scope,
      allowedColumns: allowed_columns,
    };
    checkDescriptor(frame, compensation, within(add, 'compensation'));
  });
export type CompensationJob = z.infer<typeof compensationJobSchema>;
