import * as z from 'zod';
import { checkFreshness, freshnessAuthoritySchema } from '../freshness.ts';
import { principalScopeSchema } from '../principal-scope.ts';
import { columnValueSchema, identifierSchema, rowSchema } from '../values.ts';
import { adder, within } from './add-issue.ts';
import { checkAllowedColumns, checkPatchColumns, checkTenant } from './check-columns.ts';
import { checkFrozenSet } from './check-frozen-set.ts';
import {
  allowedColumnsSchema,
  envelopeFields,
  noColumnsSchema,
  noRowSchema,
  reviewedFields,
  sourceFields,
} from './envelope.ts';
import { frozenSetSchema, MOST_MEMBERS } from './frozen-set.ts';
import { checkOwnLineage, reversibilitySchema } from './lineage.ts';
import { integerAdvanceSchema } from './version-advance.ts';

/* `synapsor.change-set.v3`: up to a hundred rows, each of them frozen, are changed together (PROTOCOL 3.12). */

/** A set is shown by its members; its own `before` and `after` only count them. */
const countSchema = z.strictObject({ row_count: z.int().min(0).max(MOST_MEMBERS) });

const shared = {
  schema_version: z.literal('synapsor.change-set.v3'),
  ...envelopeFields,
  ...reviewedFields,
  source: z.strictObject({ ...sourceFields, primary_key: z.strictObject({ column: identifierSchema }) }),
  before: countSchema,
  after: countSchema,
  frozen_set: frozenSetSchema,
  freshness: freshnessAuthoritySchema.optional(),
  reversibility: reversibilitySchema.optional(),
};
const fences = { tenant: columnValueSchema, principal_scope: principalScopeSchema.optional() };

const updateObject = z.strictObject({
  ...shared,
  operation: z.literal('set_update'),
  patch: rowSchema,
  guards: z.strictObject({
    ...fences,
    allowed_columns: allowedColumnsSchema,
    version_advance: integerAdvanceSchema,
  }),
});
const deleteObject = z.strictObject({
  ...shared,
  operation: z.literal('set_delete'),
  patch: noRowSchema,
  guards: z.strictObject({ ...fences, allowed_columns: noColumnsSchema }),
});
const insertObject = z.strictObject({
  ...shared,
  operation: z.literal('batch_insert'),
  patch: noRowSchema,
  guards: z.strictObject({ ...fences, allowed_columns: allowedColumnsSchema }),
});
export type BoundedSet =
  | z.infer<typeof updateObject>
  | z.infer<typeof deleteObject>
  | z.infer<typeof insertObject>;

function check(changeSet: BoundedSet, context: z.core.$RefinementCtx): void {
  const add = adder(context);
  const { operation, source, guards, scope, patch, frozen_set, before, after, freshness } = changeSet;
  const { allowed_columns, tenant, principal_scope } = guards;
  const keys = {
    primaryKey: source.primary_key.column,
    tenant: tenant.column,
    principal: principal_scope?.column,
  };
  checkAllowedColumns(keys, allowed_columns, within(add, 'guards', 'allowed_columns'));
  checkPatchColumns(keys, allowed_columns, patch, within(add, 'patch'));
  checkTenant(tenant, scope, within(add, 'guards', 'tenant'));
  checkOwnLineage(changeSet.reversibility, changeSet.proposal_id, within(add, 'reversibility'));
  const versionColumn = 'version_advance' in guards ? guards.version_advance.column : undefined;
  if (versionColumn !== undefined && Object.hasOwn(patch, versionColumn))
    add(['patch', versionColumn], 'validation_failed', 'moves by itself');
  const rows = frozen_set.members.length;
  if (before.row_count !== (operation === 'batch_insert' ? 0 : rows))
    add(['before', 'row_count'], 'validation_failed', 'is not the number of rows that stand there now');
  if (after.row_count !== (operation === 'set_delete' ? 0 : rows))
    add(['after', 'row_count'], 'validation_failed', 'is not the number of rows that will stand there');
  const frame = { operation, keys, tenant, allowedColumns: allowed_columns, patch, versionColumn };
  checkFrozenSet(frame, frozen_set, within(add, 'frozen_set'));
  const looked =
    operation === 'batch_insert'
      ? ({ mode: 'not_applicable', rows: 0 } as const)
      : ({ mode: 'frozen_set', rows } as const);
  checkFreshness(freshness, source, looked, within(add, 'freshness'));
}

export const boundedSetSchema = z.discriminatedUnion('operation', [
  updateObject.superRefine(check),
  deleteObject.superRefine(check),
  insertObject.superRefine(check),
]);
