import * as z from 'zod';
import { freshnessAuthoritySchema } from './freshness.ts';
import { principalScopeSchema } from './principal-scope.ts';
import {
  coded,
  columnValueSchema,
  digestSchema,
  foreignIdSchema,
  identifierSchema,
  labelSchema,
  MOST_COLUMNS,
  rowSchema,
  timestampSchema,
} from './values.ts';

/** PROTOCOL 3.12. `approval`, `writeback` and `evidence` are open there: later clients add members to them. */
const approvalSchema = z.looseObject({
  status: z.enum(['pending', 'approved', 'rejected', 'canceled']),
  required_role: labelSchema.optional(),
  required_approvals: z.int().min(1).max(10).optional(),
});
const writebackSchema = z.looseObject({
  status: labelSchema,
  mode: z.enum(['trusted_worker_required', 'synapsor_merge', 'read_only']),
  executor: labelSchema.optional(),
});
const evidenceSchema = z.looseObject({
  bundle_id: labelSchema,
  query_fingerprint: z.string().max(200),
  items: z.array(z.json()).max(100),
});

const changeSetFields = {
  schema_version: z.literal('synapsor.change-set.v1'),
  proposal_id: foreignIdSchema,
  proposal_version: z.int().min(1),
  action: labelSchema,
  contract: z.strictObject({ digest: digestSchema, version: z.string().min(1).max(128) }).optional(),
  mode: z.enum(['read_only', 'shadow', 'review_required', 'approved_for_writeback']),
  principal: z.strictObject({
    id: labelSchema,
    source: z.enum(['trusted_session', 'cloud_session', 'environment', 'static_dev']),
  }),
  scope: z.strictObject({ tenant_id: labelSchema, business_object: labelSchema, object_id: labelSchema }),
  source: z.strictObject({
    kind: z.enum(['external_postgres', 'external_mysql', 'synapsor_table']),
    source_id: labelSchema,
    schema: identifierSchema,
    table: identifierSchema,
    primary_key: columnValueSchema,
  }),
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
  evidence: evidenceSchema,
  approval: approvalSchema,
  writeback: writebackSchema,
  source_database_mutated: z.literal(false),
  integrity: z.strictObject({ proposal_hash: digestSchema }),
  created_at: timestampSchema,
};

/** What a change set must hold besides the types of its fields; the same for every way in. */
type Checked = Pick<ChangeSet, 'scope' | 'source' | 'patch' | 'before' | 'after' | 'guards'>;
type Add = (path: (string | number)[], code: string, message: string) => void;

function checkColumns({ scope, source, patch, guards }: Checked, add: Add): void {
  const keys = [source.primary_key.column, guards.tenant.column, guards.principal_scope?.column];
  // MySQL knows columns whatever their case.
  const isProtected = (column: string) => keys.some((key) => key?.toLowerCase() === column.toLowerCase());
  const allowed = new Set(guards.allowed_columns);
  guards.allowed_columns.forEach((column, index) => {
    if (isProtected(column)) {
      add(
        ['guards', 'allowed_columns', index],
        'protected_column',
        `${column} is a key or guard and may not be changed`,
      );
    }
  });
  for (const column of Object.keys(patch)) {
    if (isProtected(column)) {
      add(['patch', column], 'protected_column', `${column} is a key or guard and may not be changed`);
    } else if (!allowed.has(column)) {
      add(['patch', column], 'column_not_allowed', `${column} is not in guards.allowed_columns`);
    }
  }
  if (guards.tenant.value === null || guards.tenant.value === '') {
    add(['guards', 'tenant', 'value'], 'tenant_guard_missing', 'must name a tenant');
  } else if (String(guards.tenant.value) !== scope.tenant_id) {
    add(['guards', 'tenant', 'value'], 'validation_failed', 'must name the tenant of scope.tenant_id');
  }
  if (source.primary_key.value === null || source.primary_key.value === '') {
    add(['source', 'primary_key', 'value'], 'validation_failed', 'must name a row');
  }
}

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

function checkChangeSet(changeSet: Checked, context: z.core.$RefinementCtx): void {
  const add: Add = (path, code, message) => context.addIssue({ ...coded(code, message), path });
  checkColumns(changeSet, add);
  checkEffect(changeSet, add);
}

/** `synapsor.change-set.v1`, complete: one column-bounded update of one row, under tenant and version guards. */
const changeSetObject = z.strictObject(changeSetFields);
export type ChangeSet = z.infer<typeof changeSetObject>;
export const changeSetSchema = changeSetObject.superRefine(checkChangeSet);

/**
 * A change set as an agent may send it: what the control plane decides or can work out may be left away.
 * What is there is checked as in the complete form.
 */
export const agentChangeSetSchema = z
  .strictObject({
    ...changeSetFields,
    proposal_id: changeSetFields.proposal_id.optional(),
    proposal_version: changeSetFields.proposal_version.default(1),
    mode: changeSetFields.mode.default('review_required'),
    principal: changeSetFields.principal.optional(),
    evidence: changeSetFields.evidence.optional(),
    approval: changeSetFields.approval.default({ status: 'pending' }),
    writeback: changeSetFields.writeback.default({ status: 'not_applied', mode: 'trusted_worker_required' }),
    source_database_mutated: changeSetFields.source_database_mutated.default(false),
    integrity: changeSetFields.integrity.optional(),
    created_at: changeSetFields.created_at.optional(),
  })
  .superRefine(checkChangeSet);
export type AgentChangeSet = z.infer<typeof agentChangeSetSchema>;

export type Engine = 'postgres' | 'mysql';

/** The engine that a change set is for; undefined for a kind that no runner of ours writes to. */
export function engineOf(kind: ChangeSet['source']['kind']): Engine | undefined {
  if (kind === 'external_postgres') return 'postgres';
  return kind === 'external_mysql' ? 'mysql' : undefined;
}

/** Whether approving leads to a job: a shadow or read-only proposal, or one for another executor, never does. */
export function isWritable({
  mode,
  writeback,
  source,
}: Pick<ChangeSet, 'mode' | 'writeback' | 'source'>): boolean {
  return (
    (mode === 'review_required' || mode === 'approved_for_writeback') &&
    writeback.mode === 'trusted_worker_required' &&
    (writeback.executor === undefined || writeback.executor === 'sql_update') &&
    engineOf(source.kind) !== undefined
  );
}
