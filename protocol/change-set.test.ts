import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type * as z from 'zod';
import { digest } from './canonical-json.ts';
import { engineOf } from './change-set/engine.ts';
import { agentChangeSetSchema } from './change-set/guarded-update.ts';
import { type ChangeSet, changeSetSchema, isWritable } from './change-set.ts';
import { Refused } from './problem.ts';
import { proposeRequestSchema } from './proposal-requests.ts';
import { runnerProposalSchema } from './runner-messages.ts';
import { parseOrRefuse } from './validation.ts';

type Fields = Readonly<Record<string, unknown>>;

const guards = {
  tenant: { column: 'tenant_id', value: 'acme' },
  allowed_columns: ['late_fee_cents', 'memo'],
  expected_version: { column: 'version', value: 7 },
};
const source = {
  kind: 'external_postgres',
  source_id: 'billing',
  schema: 'public',
  table: 'invoices',
  primary_key: { column: 'invoice_id', value: 'INV-3001' },
};
/** The smallest change set that an agent may send. */
const sent: Fields = {
  schema_version: 'synapsor.change-set.v1',
  action: 'billing.waive_late_fee',
  scope: { tenant_id: 'acme', business_object: 'invoice', object_id: 'INV-3001' },
  source,
  before: { late_fee_cents: 5_500, memo: 'late' },
  patch: { late_fee_cents: 0 },
  after: { late_fee_cents: 0, memo: 'late' },
  guards,
};
const complete: Fields = {
  ...sent,
  proposal_id: `wrp_${'a1'.repeat(10)}`,
  proposal_version: 1,
  contract: { digest: `sha256:${'c'.repeat(64)}`, version: '1' },
  mode: 'review_required',
  principal: { id: 'agent-7', source: 'trusted_session' },
  evidence: { bundle_id: 'evb_1', query_fingerprint: 'qf_1', items: [] },
  approval: { status: 'pending', mode: 'human', policy: 'p' },
  writeback: { status: 'not_applied', mode: 'trusted_worker_required', executor: 'sql_update' },
  source_database_mutated: false,
  integrity: { proposal_hash: `sha256:${'a'.repeat(64)}` },
  created_at: '2026-01-01T00:00:00Z',
};

function refusalOf(schema: z.ZodType, value: unknown) {
  try {
    parseOrRefuse(schema, value);
    return undefined;
  } catch (fault) {
    if (fault instanceof Refused) return fault.refusal;
    throw fault;
  }
}

/** A request to propose this change set, and one to submit it: the two ways in. */
const asked = (changes: Fields): Fields => ({
  source_id: 'src_billing',
  change_set: { ...sent, ...changes },
});
const submitted = (changes: Fields): Fields => ({
  schema_version: 'synapsor.runner-proposal.v1',
  runner_id: 'runner-1',
  source_id: 'src_billing',
  contract: { contract_id: 'act_1', contract_version_id: 'acv_1', digest: `sha256:${'c'.repeat(64)}` },
  change_set: { ...complete, ...changes },
});

const without = (object: Fields, key: string): Fields =>
  Object.fromEntries(Object.entries(object).filter(([name]) => name !== key));
const long = 'x'.repeat(64);

/** What is wrong, and the code and place of the refusal. The same for both ways in. */
const refused: readonly (readonly [name: string, changes: Fields, code: string, path: string])[] = [
  ['a field that is not known', { colour: 'red' }, 'unknown_field', 'colour'],
  ['an unknown field of the guards', { guards: { ...guards, or: 1 } }, 'unknown_field', 'guards.or'],
  [
    'an unknown field of a guard',
    { guards: { ...guards, tenant: { ...guards.tenant, op: '!=' } } },
    'unknown_field',
    'guards.tenant.op',
  ],
  ['a field of the wrong type', { action: 5 }, 'validation_failed', 'action'],
  ['a patch that is a list', { patch: [] }, 'validation_failed', 'patch'],
  [
    'a value that is no scalar',
    { patch: { late_fee_cents: { a: 1 } } },
    'validation_failed',
    'patch.late_fee_cents',
  ],
  ['an empty patch', { patch: {} }, 'validation_failed', 'patch'],
  [
    'a column outside the allow-list',
    { patch: { late_fee_cents: 0, total: 1 }, after: { late_fee_cents: 0, memo: 'late', total: 1 } },
    'column_not_allowed',
    'patch.total',
  ],
  [
    'a patch of the key',
    { patch: { invoice_id: 'INV-1' }, after: { invoice_id: 'INV-1' } },
    'protected_column',
    'patch.invoice_id',
  ],
  [
    'a patch of the tenant',
    { patch: { tenant_id: 'other' }, after: { tenant_id: 'other' } },
    'protected_column',
    'patch.tenant_id',
  ],
  [
    'the key in the allow-list',
    { guards: { ...guards, allowed_columns: ['late_fee_cents', 'invoice_id'] } },
    'protected_column',
    'guards.allowed_columns[1]',
  ],
  [
    'the tenant in the allow-list, in another case',
    { guards: { ...guards, allowed_columns: ['Tenant_ID', 'late_fee_cents'] } },
    'protected_column',
    'guards.allowed_columns[0]',
  ],
  [
    'a table with a quote in it',
    { source: { ...source, table: 'invoices"; drop table x; --' } },
    'invalid_identifier',
    'source.table',
  ],
  [
    'a schema with a dot in it',
    { source: { ...source, schema: 'public.x' } },
    'invalid_identifier',
    'source.schema',
  ],
  [
    'a key column that begins with a digit',
    { source: { ...source, primary_key: { column: '1d', value: 1 } } },
    'invalid_identifier',
    'source.primary_key.column',
  ],
  [
    'a column that is too long',
    { guards: { ...guards, allowed_columns: [long] } },
    'invalid_identifier',
    'guards.allowed_columns[0]',
  ],
  [
    'an empty column',
    { guards: { ...guards, allowed_columns: [''] } },
    'invalid_identifier',
    'guards.allowed_columns[0]',
  ],
  ['a column of the patch with a quote in it', { patch: { 'a"b': 1 } }, 'invalid_identifier', 'patch.a"b'],
  ['a column with a letter beyond ASCII', { patch: { größe: 1 } }, 'invalid_identifier', 'patch.größe'],
  [
    'a version column with a blank',
    { guards: { ...guards, expected_version: { column: 'a b', value: 1 } } },
    'invalid_identifier',
    'guards.expected_version.column',
  ],
  ['no tenant guard', { guards: without(guards, 'tenant') }, 'tenant_guard_missing', 'guards.tenant'],
  [
    'a tenant guard of null',
    { guards: { ...guards, tenant: null } },
    'tenant_guard_missing',
    'guards.tenant',
  ],
  [
    'a tenant guard for no tenant',
    {
      guards: { ...guards, tenant: { column: 'tenant_id', value: null } },
      scope: { tenant_id: 'null', business_object: 'invoice', object_id: '1' },
    },
    'tenant_guard_missing',
    'guards.tenant.value',
  ],
  ['no guards at all', { guards: undefined }, 'tenant_guard_missing', 'guards'],
  [
    'no version guard',
    { guards: without(guards, 'expected_version') },
    'validation_failed',
    'guards.expected_version',
  ],
  [
    'another tenant in the guard than in the scope',
    { guards: { ...guards, tenant: { column: 'tenant_id', value: 'other' } } },
    'validation_failed',
    'guards.tenant.value',
  ],
  [
    'a row without a key',
    { source: { ...source, primary_key: { column: 'invoice_id', value: null } } },
    'validation_failed',
    'source.primary_key.value',
  ],
  [
    'a row with an empty key',
    { source: { ...source, primary_key: { column: 'invoice_id', value: '' } } },
    'validation_failed',
    'source.primary_key.value',
  ],
  [
    'an allow-list with nothing in it',
    { guards: { ...guards, allowed_columns: [] } },
    'column_not_allowed',
    'patch.late_fee_cents',
  ],
  [
    'an integer that loses digits',
    { patch: { late_fee_cents: 2 ** 53 }, after: { late_fee_cents: 2 ** 53, memo: 'late' } },
    'unsafe_number',
    'patch.late_fee_cents',
  ],
  [
    'a version that loses digits',
    { guards: { ...guards, expected_version: { column: 'version', value: -(2 ** 53) } } },
    'unsafe_number',
    'guards.expected_version.value',
  ],
  [
    'an after that is not what the patch sets',
    { after: { late_fee_cents: 1, memo: 'late' } },
    'validation_failed',
    'after.late_fee_cents',
  ],
  [
    'an after that lacks what the patch sets',
    { after: { memo: 'late' } },
    'validation_failed',
    'after.late_fee_cents',
  ],
  [
    'an after that changes more than the patch',
    { after: { late_fee_cents: 0, memo: 'paid' } },
    'validation_failed',
    'after.memo',
  ],
  [
    'a change that already happened',
    { source_database_mutated: true },
    'validation_failed',
    'source_database_mutated',
  ],
  [
    'a kind of source that is not known',
    { source: { ...source, kind: 'external_oracle' } },
    'validation_failed',
    'source.kind',
  ],
  [
    'a form that is not served',
    { schema_version: 'synapsor.change-set.v9' },
    'change_set_unsupported',
    'schema_version',
  ],
  [
    'more approvals than there may be',
    { approval: { status: 'pending', required_approvals: 11 } },
    'validation_failed',
    'approval.required_approvals',
  ],
  ['a mode that is not known', { mode: 'yolo' }, 'validation_failed', 'mode'],
  [
    'an id with a character that may not be in a path',
    { proposal_id: 'wrp_a/b' },
    'validation_failed',
    'proposal_id',
  ],
];

describe('a change set', () => {
  test('that is complete passes both ways in, and an agent may leave away what can be worked out', () => {
    expect(refusalOf(proposeRequestSchema, asked({}))).toBeUndefined();
    expect(refusalOf(runnerProposalSchema, submitted({}))).toBeUndefined();
    expect(refusalOf(proposeRequestSchema, asked(complete))).toBeUndefined();
    expect(agentChangeSetSchema.parse(sent)).toMatchObject({
      proposal_version: 1,
      mode: 'review_required',
      approval: { status: 'pending' },
      writeback: { mode: 'trusted_worker_required' },
      source_database_mutated: false,
    });
  });

  test.each(refused)('%s is refused', (_, changes, code, path) => {
    for (const [schema, request] of [
      [proposeRequestSchema, asked(changes)],
      [runnerProposalSchema, submitted(changes)],
    ] as const) {
      const refusal = refusalOf(schema, request);
      expect(refusal?.code).toBe(code);
      expect(refusal?.errors).toContainEqual(expect.objectContaining({ path: `$.change_set.${path}`, code }));
    }
  });

  test.each(Object.keys(complete).filter((name) => name !== 'contract'))(
    'submitted without %s is refused',
    (name) => {
      const request = { ...submitted({}), change_set: without(complete, name) };
      expect(refusalOf(runnerProposalSchema, request)?.errors?.[0]?.path).toBe(`$.change_set.${name}`);
    },
  );

  test('passes whatever scalars it sets, and they come out as they went in', () => {
    const scalars = fc.oneof(
      fc.string({ unit: 'grapheme' }),
      fc.maxSafeInteger(),
      fc.boolean(),
      fc.constant(null),
    );
    fc.assert(
      fc.property(scalars, (value) => {
        const parsed = changeSetSchema.parse({
          ...complete,
          patch: { late_fee_cents: value },
          after: { late_fee_cents: value, memo: 'late' },
        });
        expect(parsed.patch.late_fee_cents).toBe(value);
        expect(parsed).toEqual({ ...complete, patch: parsed.patch, after: parsed.after });
      }),
    );
  });

  test('keeps what later clients add to its open parts', () => {
    expect(changeSetSchema.parse(complete).approval).toEqual({
      status: 'pending',
      mode: 'human',
      policy: 'p',
    });
  });
});

describe('a submission', () => {
  test.each<[string, Fields, string]>([
    [
      'that names another contract than its change set',
      { contract: { digest: 'sha256:x', version: '1' } },
      '$.contract.digest',
    ],
    ['that is approved already', { approval: { status: 'approved' } }, '$.change_set.approval.status'],
  ])('%s is refused', (_, changes, path) => {
    expect(refusalOf(runnerProposalSchema, submitted(changes))).toMatchObject({
      code: 'validation_failed',
      errors: [{ path }],
    });
  });

  const scope = {
    schema_version: 'synapsor.principal-scope.v1',
    column: 'owner_id',
    binding: 'user_id',
    provider: 'environment',
  };
  const scoped = (more: Fields) => ({ guards: { ...guards, principal_scope: { ...scope, ...more } } });

  test('carries the fingerprint of a principal and never its value', () => {
    const value_fingerprint = digest({ ...scope, value: 'u-1' });
    expect(refusalOf(runnerProposalSchema, submitted(scoped({ value_fingerprint })))).toBeUndefined();
    const told = refusalOf(runnerProposalSchema, submitted(scoped({ value_fingerprint, value: 'u-1' })));
    expect(told?.errors?.[0]?.path).toBe('$.change_set.guards.principal_scope.value');
    expect(refusalOf(proposeRequestSchema, asked(scoped({ value_fingerprint, value: 'u-2' })))?.code).toBe(
      'validation_failed',
    );
  });

  test('may not change the column of its principal', () => {
    const value_fingerprint = digest({ ...scope, value: 'u-1' });
    const principal = { ...scope, value_fingerprint };
    const changes = { guards: { ...guards, allowed_columns: ['owner_id'], principal_scope: principal } };
    expect(refusalOf(runnerProposalSchema, submitted(changes))?.code).toBe('protected_column');
  });
});

describe('whether approving leads to a job', () => {
  const parsed: ChangeSet = changeSetSchema.parse(complete);
  const writeback = (changes: Fields) =>
    changeSetSchema.parse({ ...complete, writeback: { ...parsed.writeback, ...changes } });

  test.each([
    ['an ordinary change', parsed, true],
    ['one that a reviewer has let through', { ...parsed, mode: 'approved_for_writeback' as const }, true],
    ['a shadow', { ...parsed, mode: 'shadow' as const }, false],
    ['one that only reads', { ...parsed, mode: 'read_only' as const }, false],
    [
      'one for another kind of source',
      { ...parsed, source: { ...parsed.source, kind: 'synapsor_table' as const } },
      false,
    ],
    ['one for another executor', writeback({ executor: 'cloud_worker' }), false],
    ['one without an executor', writeback({ executor: undefined }), true],
    ['one that is merged elsewhere', writeback({ mode: 'synapsor_merge' }), false],
  ])('%s', (_, changeSet, expected) => {
    expect(isWritable(changeSet)).toBe(expected);
  });

  test('the engine follows from the kind of source', () => {
    expect([engineOf('external_postgres'), engineOf('external_mysql'), engineOf('synapsor_table')]).toEqual([
      'postgres',
      'mysql',
      undefined,
    ]);
  });
});
