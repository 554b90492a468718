import * as z from 'zod';
import { checkFreshness, freshnessAuthoritySchema } from '../freshness.ts';
import { principalScopeSchema } from '../principal-scope.ts';
import { columnValueSchema, rowSchema } from '../values.ts';
import { type Add, adder, within } from './add-issue.ts';
import {
  checkAllowedColumns,
  checkKeyValue,
  checkPatchColumns,
  checkTenant,
  isSameColumn,
  type Row,
} from './check-columns.ts';
import {
  checkDeduplication,
  checkNoOverlap,
  checkProposalComponent,
  deduplicationRow,
  deduplicationSchema,
} from './deduplication.ts';
import {
  allowedColumnsSchema,
  envelopeFields,
  keySchema,
  namedRowSchema,
  noColumnsSchema,
  noRowSchema,
  sourceFields,
} from './envelope.ts';
import { checkOwnLineage, reversibilitySchema } from './lineage.ts';
import { versionAdvanceSchema } from './version-advance.ts';

/* `synapsor.change-set.v2`: one row is updated, inserted or deleted (PROTOCOL 3.12). */

const shared = {
  schema_version: z.literal('synapsor.change-set.v2'),
  ...envelopeFields,
  freshness: freshnessAuthoritySchema.optional(),
  reversibility: reversibilitySchema.optional(),
};
const fences = { tenant: columnValueSchema, principal_scope: principalScopeSchema.optional() };
const namedSource = z.strictObject({ ...sourceFields, primary_key: namedRowSchema });

const updateObject = z.strictObject({
  ...shared,
  operation: z.literal('single_row_update'),
  source: namedSource,
  before: rowSchema,
  patch: rowSchema,
  after: rowSchema,
  guards: z.strictObject({
    ...fences,
    allowed_columns: allowedColumnsSchema,
    expected_version: columnValueSchema,
    version_advance: versionAdvanceSchema.optional(),
  }),
});
export type SingleRowUpdate = z.infer<typeof updateObject>;

const insertObject = z.strictObject({
  ...shared,
  operation: z.literal('single_row_insert'),
  source: z.strictObject({ ...sourceFields, primary_key: keySchema }),
  before: noRowSchema,
  patch: rowSchema,
  after: rowSchema,
  guards: z.strictObject({
    ...fences,
    allowed_columns: allowedColumnsSchema,
    deduplication: deduplicationSchema,
  }),
});
export type SingleRowInsert = z.infer<typeof insertObject>;

const deleteObject = z.strictObject({
  ...shared,
  operation: z.literal('single_row_delete'),
  source: namedSource,
  before: rowSchema,
  patch: noRowSchema,
  after: noRowSchema,
  guards: z.strictObject({
    ...fences,
    allowed_columns: noColumnsSchema,
    expected_version: columnValueSchema,
  }),
});
export type SingleRowDelete = z.infer<typeof deleteObject>;
export type SingleRow = SingleRowUpdate | SingleRowInsert | SingleRowDelete;

function checkShared(changeSet: SingleRow, add: Add): void {
  const { source, guards, scope, patch, reversibility, proposal_id } = changeSet;
  const { allowed_columns, tenant, principal_scope } = guards;
  const keys = {
    primaryKey: source.primary_key.column,
    tenant: tenant.column,
    principal: principal_scope?.column,
  };
  checkAllowedColumns(keys, allowed_columns, within(add, 'guards', 'allowed_columns'));
  checkPatchColumns(keys, allowed_columns, patch, within(add, 'patch'));
  checkTenant(tenant, scope, within(add, 'guards', 'tenant'));
  checkOwnLineage(reversibility, proposal_id, within(add, 'reversibility'));
}

/** The row that is shown is the one that is named, of the tenant and at the version that guard it. */
function checkShownRow({ source, guards, before }: SingleRowUpdate | SingleRowDelete, add: Add): void {
  const { tenant, expected_version } = guards;
  checkKeyValue(source.primary_key, within(add, 'source', 'primary_key'));
  for (const { column, value } of [source.primary_key, tenant]) {
    if (Object.hasOwn(before, column) && before[column] !== value)
      add(['before', column], 'validation_failed', 'is not the row that the change names');
  }
  // A version as text may be written in another way than the row shows it; a number may not.
  const { column, value } = expected_version;
  const shown = before[column];
  if (typeof shown === 'number' && typeof value === 'number' && shown !== value)
    add(['before', column], 'validation_failed', 'is not the version that guards the row');
  if (value === null || value === '')
    add(['guards', 'expected_version', 'value'], 'validation_failed', 'guards nothing without a value');
}

/** The reviewer decides on `before` and `after`; the runner writes `patch`, and moves the version. */
function checkUpdate(changeSet: SingleRowUpdate, context: z.core.$RefinementCtx): void {
  const add = adder(context);
  const { before, patch, after, guards, source, freshness } = changeSet;
  const { expected_version, version_advance } = guards;
  checkShared(changeSet, add);
  checkShownRow(changeSet, add);
  checkFreshness(freshness, source, { mode: 'exact_guard', rows: 1 }, within(add, 'freshness'));
  if (version_advance !== undefined) {
    const at = ['guards', 'version_advance', 'column'];
    if (version_advance.column !== expected_version.column)
      add(at, 'validation_failed', 'must be the column of expected_version');
    if (Object.keys(patch).some((column) => isSameColumn(column, version_advance.column)))
      add(at, 'validation_failed', 'is set by the patch, too');
    if (version_advance.strategy === 'integer_increment' && !Number.isSafeInteger(expected_version.value))
      add(['guards', 'expected_version', 'value'], 'validation_failed', 'must be an integer to move by one');
  }
  const moved: Row = version_advance?.strategy === 'integer_increment' ? nextVersion(expected_version) : {};
  for (const [column, value] of Object.entries(patch)) {
    if (after[column] !== value)
      add(['after', column], 'validation_failed', `must be what patch sets ${column} to`);
  }
  for (const [column, value] of Object.entries(after)) {
    if (Object.hasOwn(patch, column)) continue;
    const expected = Object.hasOwn(moved, column) ? moved[column] : before[column];
    if (value !== expected)
      add(['after', column], 'validation_failed', `differs from before, but nothing sets ${column}`);
  }
}

function nextVersion({ column, value }: z.infer<typeof columnValueSchema>): Row {
  return { [column]: Number(value) + 1 };
}

/** The new row is what the patch sets and what keeps it apart, and nothing else. */
function checkInsert(changeSet: SingleRowInsert, context: z.core.$RefinementCtx): void {
  const add = adder(context);
  const { source, patch, after, guards, proposal_id, freshness } = changeSet;
  const { deduplication, tenant } = guards;
  const at = within(add, 'guards', 'deduplication');
  checkShared(changeSet, add);
  checkDeduplication(deduplication, tenant, at);
  checkProposalComponent(deduplication, proposal_id, at);
  checkNoOverlap(deduplication, patch, at);
  checkFreshness(freshness, source, { mode: 'not_applicable', rows: 0 }, within(add, 'freshness'));
  const added = deduplicationRow(deduplication);
  const { column, value } = source.primary_key;
  if (added[column] !== value)
    add(['source', 'primary_key', 'value'], 'validation_failed', 'must be what deduplication gives the key');
  const whole: Row = { ...patch, ...added };
  for (const name of new Set([...Object.keys(whole), ...Object.keys(after)])) {
    if (!Object.hasOwn(after, name) || after[name] !== whole[name])
      add(['after', name], 'validation_failed', 'must be what patch and deduplication set, and nothing else');
  }
}

function checkDelete(changeSet: SingleRowDelete, context: z.core.$RefinementCtx): void {
  const add = adder(context);
  const { source, freshness } = changeSet;
  checkShared(changeSet, add);
  checkShownRow(changeSet, add);
  checkFreshness(freshness, source, { mode: 'exact_guard', rows: 1 }, within(add, 'freshness'));
}

export const singleRowSchema = z.discriminatedUnion('operation', [
  updateObject.superRefine(checkUpdate),
  insertObject.superRefine(checkInsert),
  deleteObject.superRefine(checkDelete),
]);
