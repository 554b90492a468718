import * as z from 'zod';
import { principalScopeSchema } from '../principal-scope.ts';
import { columnValueSchema, digestSchema } from '../values.ts';
import { type Add, adder, within } from './add-issue.ts';
import { checkAllowedColumns, checkTenant, type Row } from './check-columns.ts';
import { checkDescriptor, restoredBy } from './check-descriptor.ts';
import { allowedColumnsSchema, envelopeFields, keySchema, reviewedFields, sourceFields } from './envelope.ts';
import { anyRowSchema } from './frozen-set.ts';
import { type InverseDescriptor, inverseDescriptorSchema } from './inverse-descriptor.ts';

/* `synapsor.compensation-change-set.v1`: takes an applied change back, as a change of its own (PROTOCOL 3.12). */

const compensationObject = z.strictObject({
  schema_version: z.literal('synapsor.compensation-change-set.v1'),
  ...envelopeFields,
  ...reviewedFields,
  mode: z.literal('review_required'),
  source: z.strictObject({
    ...sourceFields,
    kind: z.enum(['external_postgres', 'external_mysql']),
    primary_key: keySchema,
  }),
  before: anyRowSchema,
  patch: anyRowSchema,
  after: anyRowSchema,
  compensation: z.strictObject({
    descriptor: inverseDescriptorSchema,
    /** The result of the change that it takes back, as it was reported. */
    forward_receipt_hash: digestSchema,
  }),
  guards: z.strictObject({
    tenant: columnValueSchema,
    principal_scope: principalScopeSchema.optional(),
    allowed_columns: allowedColumnsSchema,
  }),
});
export type Compensation = z.infer<typeof compensationObject>;

export const compensationSchema = compensationObject.superRefine((changeSet, context) => {
  const add = adder(context);
  const { source, guards, scope, compensation } = changeSet;
  const { descriptor } = compensation;
  const { tenant, principal_scope, allowed_columns } = guards;
  const keys = {
    primaryKey: source.primary_key.column,
    tenant: tenant.column,
    principal: principal_scope?.column,
  };
  checkAllowedColumns(keys, allowed_columns, within(add, 'guards', 'allowed_columns'));
  checkTenant(tenant, scope, within(add, 'guards', 'tenant'));
  const frame = { source, tenant, principalScope: principal_scope, allowedColumns: allowed_columns };
  checkDescriptor(frame, descriptor, within(add, 'compensation', 'descriptor'));
  const [member, second] = descriptor.members;
  const only = second === undefined ? member?.primary_key.value : undefined;
  if (source.primary_key.value !== only)
    add(
      ['source', 'primary_key', 'value'],
      'validation_failed',
      'must be the key of the only member, or left away',
    );
  checkSummary(changeSet, add);
});

/**
 * `before`, `patch` and `after` sum the descriptor up, which alone is carried out: they say of its only member what it
 * says, or count its members, and nothing else.
 */
function checkSummary({ before, patch, after, compensation }: Compensation, add: Add): void {
  const { descriptor } = compensation;
  const { operation, members } = descriptor;
  const counts: Row = { operation, row_count: members.length };
  const states = members.length === 1 ? statesOf(descriptor) : { before: {}, patch: {}, after: {} };
  checkSays('before', before, [states.before, counts], add);
  checkSays('patch', patch, [states.patch, counts], add);
  checkSays('after', after, [states.after, operation === 'remove_insert' ? { row_count: 0 } : counts], add);
}

function statesOf(descriptor: InverseDescriptor): Record<'before' | 'patch' | 'after', Row> {
  const [member] = descriptor.members;
  const before: Row = member?.expected_state ?? {};
  const patch: Row = (member === undefined ? undefined : restoredBy(member)) ?? {};
  if (descriptor.operation !== 'restore_update') return { before, patch, after: patch };
  const { column } = descriptor.version_advance;
  return { before, patch, after: { ...before, ...patch, [column]: Number(before[column]) + 1 } };
}

/** Every value is one of a truth, and they are all of the same one. */
function checkSays(name: string, said: Row, truths: readonly Row[], add: Add): void {
  const isTrue = truths.some((truth) =>
    Object.entries(said).every(([column, value]) => Object.hasOwn(truth, column) && truth[column] === value),
  );
  if (!isTrue) add([name], 'validation_failed', 'says something else than the descriptor does');
}
