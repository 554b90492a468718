import * as z from 'zod';
import { checkFreshness, freshnessAuthoritySchema } from '../freshness.ts';
import { principalScopeSchema } from '../principal-scope.ts';
import { columnValueSchema, identifierSchema, MOST_COLUMNS, rowSchema } from '../values.ts';
import { type Add, adder, within } from './add-issue.ts';
import { checkAllowedColumns, checkKeyValue, checkPatchColumns, checkTenant } from './check-columns.ts';
import { envelopeFields, sourceFields } from './envelope.ts';

const fields = {
  schema_version: z.literal('synapsor.change-set.v1'),
  ...envelopeFields,
  source: z.strictObject({ ...sourceFields, primary_key: columnValueSchema }),
  before: rowSchema,
  patch: rowSchema,
  after: rowSchema,
  guards: z.strictObject({
    tenant: columnValueSchema,
    principal_scope: principalScopeSchema.optional(),
    allowed_columns: z.array(identifierSchema).min(1).max(MOST_COLUMNS),
    expected_version: columnValueSchema,
  }),
  freshness: freshnessAuthoritySchema.optional(),
};

/** What a change set must hold besides the types of its fields; the same for every way in. */
type Checked = Pick<
  GuardedUpdate,
  'scope' | 'source' | 'patch' | 'before' | 'after' | 'guards' | 'freshness'
>;

/** The reviewer decides on `before` and `after`; the runner writes `patch`. They must tell one story. */
function checkEffect({ before, patch, after }: Checked, add: Add): void {
  for (const [column, value] of Object.entries(patch)) {
    if (after[column] !== value)
      add(['after', column], 'validation_failed', `must be what patch sets ${column} to`);
  }
  for (const [column, value] of Object.entries(after)) {
    if (!(column in patch) && before[column] !== value) {
      add(['after', column], 'validation_failed', `differs from before, but patch does not set ${column}`);
    }
  }
}

function check(changeSet: Checked, context: z.core.$RefinementCtx): void {
  const { source, guards, scope, patch, freshness } = changeSet;
  const add = adder(context);
  const { allowed_columns, tenant, principal_scope } = guards;
  const keys = {
    primaryKey: source.primary_key.column,
    tenant: tenant.column,
    principal: principal_scope?.column,
  };
  checkAllowedColumns(keys, allowed_columns, within(add, 'guards', 'allowed_columns'));
  checkPatchColumns(keys, allowed_columns, patch, within(add, 'patch'));
  checkTenant(tenant, scope, within(add, 'guards', 'tenant'));
  checkKeyValue(source.primary_key, within(add, 'source', 'primary_key'));
  checkEffect(changeSet, add);
  checkFreshness(freshness, source, { mode: 'exact_guard', rows: 1 }, within(add, 'freshness'));
}

/** `synapsor.change-set.v1`, complete: one column-bounded update of one row, under tenant and version guards. */
const guardedUpdateObject = z.strictObject(fields);
export type GuardedUpdate = z.infer<typeof guardedUpdateObject>;
export const guardedUpdateSchema = guardedUpdateObject.superRefine(check);

/**
 * A change set as an agent may send it: what the control plane decides or can work out may be left away.
 * What is there is checked as in the complete form.
 */
export const agentChangeSetSchema = z
  .strictObject({
    ...fields,
    proposal_id: fields.proposal_id.optional(),
    proposal_version: fields.proposal_version.default(1),
    mode: fields.mode.default('review_required'),
    principal: fields.principal.optional(),
    evidence: fields.evidence.optional(),
    approval: fields.approval.default({ status: 'pending' }),
    writeback: fields.writeback.default({ status: 'not_applied', mode: 'trusted_worker_required' }),
    source_database_mutated: fields.source_database_mutated.default(false),
    integrity: fields.integrity.optional(),
    created_at: fields.created_at.optional(),
  })
  .superRefine(check);
export type AgentChangeSet = z.infer<typeof agentChangeSetSchema>;
