import { detailOf } from '@countersign/client/proposal-detail';
import type { AgentContract } from '@countersign/protocol/contract/contract-document';
import { expect, test } from 'vitest';
import { reverseOf } from './reverse.ts';

const sha = (digit: string) => `sha256:${digit.repeat(64)}`;
const shared = {
  kind: 'proposal',
  context: 'support',
  source: 'src_billing',
  subject: { resource: 'invoices' },
  lookup: { id_from_arg: 'invoice_id' },
  visible_fields: ['id', 'fee'],
} as const;
const invoice_id = { type: 'string', max_length: 32 } as const;
const proposal = {
  allowed_fields: ['fee'],
  conflict_guard: { column: 'version' },
  writeback: { mode: 'direct_sql' },
} as const;

const waive: AgentContract['capabilities'][number] = {
  ...shared,
  visible_fields: [...shared.visible_fields],
  name: 'waive',
  args: { invoice_id },
  proposal: { ...proposal, allowed_fields: ['fee'], action: 'waive', patch: { fee: { fixed: 0 } } },
};
const adjust: AgentContract['capabilities'][number] = {
  ...waive,
  name: 'adjust',
  args: { invoice_id, fee: { type: 'number', minimum: 0, maximum: 100 } },
  proposal: {
    ...proposal,
    allowed_fields: ['fee'],
    action: 'adjust',
    patch: { fee: { from_arg: 'fee' } },
    numeric_bounds: { fee: { minimum: 0, maximum: 100 } },
  },
};
const contractWith = (...capabilities: AgentContract['capabilities']): AgentContract => ({
  spec_version: '0.1',
  kind: 'SynapsorContract',
  metadata: { name: 'billing', version: '1' },
  resources: [
    {
      name: 'invoices',
      engine: 'postgres',
      schema: 'public',
      table: 'invoices',
      primary_key: 'id',
      tenant_key: 'tenant_id',
    },
  ],
  contexts: [{ name: 'support', tenant_binding: 'tenant_id', bindings: [] }],
  capabilities,
});
const inForce = (...capabilities: AgentContract['capabilities']) => ({
  contract: contractWith(...capabilities),
  digest: sha('1'),
});

const changeSet = {
  schema_version: 'synapsor.change-set.v1',
  proposal_id: 'wrp_1',
  proposal_version: 1,
  action: 'waive',
  contract: { digest: sha('9'), version: '1' },
  mode: 'review_required',
  principal: { id: 'agent', source: 'cloud_session' },
  scope: { tenant_id: 'acme', business_object: 'invoices', object_id: 'INV-1' },
  source: {
    kind: 'external_postgres',
    source_id: 'src_billing',
    schema: 'public',
    table: 'invoices',
    primary_key: { column: 'id', value: 'INV-1' },
  },
  before: { id: 'INV-1', fee: 55 },
  patch: { fee: 0 },
  after: { id: 'INV-1', fee: 0 },
  guards: {
    tenant: { column: 'tenant_id', value: 'acme' },
    allowed_columns: ['fee'],
    expected_version: { column: 'version', value: 7 },
  },
  evidence: { bundle_id: 'none', query_fingerprint: 'none', items: [] },
  approval: { status: 'pending' },
  writeback: { status: 'not_applied', mode: 'trusted_worker_required' },
  source_database_mutated: false,
  integrity: { proposal_hash: sha('2') },
  created_at: '2026-11-22T10:00:00.000Z',
};
const applied = (changes: object = {}) =>
  detailOf({
    proposal_id: 'wrp_1',
    status: 'applied',
    proposal_version: 1,
    source_id: 'src_billing',
    change_set: changeSet,
    approvals: { required: 1, required_role: 'billing_lead', given: 1 },
    result: { status: 'applied', result_version: '8' },
    ...changes,
  });

test('before and after are swapped, by a capability that allows it, and only while the row is as it was left', () => {
  const reverse = reverseOf(applied(), inForce(waive, adjust));
  expect(reverse).toMatchObject({
    ok: true,
    request: {
      source_id: 'src_billing',
      change_set: {
        action: 'adjust',
        before: { id: 'INV-1', fee: 0 },
        patch: { fee: 55 },
        after: { id: 'INV-1', fee: 55 },
        guards: { expected_version: { column: 'version', value: 8 } },
      },
    },
  });
});

test('people are asked for by their role, and what the plane says itself is left to it', () => {
  const reverse = reverseOf(applied(), inForce(waive, adjust));
  const sent = reverse.ok ? reverse.request.change_set : undefined;
  expect(sent?.approval).toEqual({ status: 'pending', required_role: 'billing_lead' });
  for (const name of ['proposal_id', 'principal', 'integrity', 'created_at', 'contract', 'evidence'])
    expect(sent).not.toHaveProperty(name);
});

test.each([
  ['no capability allows the old values', applied(), [waive], /No capability/],
  [
    'the old value is out of bounds',
    applied({ change_set: { ...changeSet, before: { id: 'INV-1', fee: 500 } } }),
    [waive, adjust],
    /No capability/,
  ],
  [
    'the version after the write is not known',
    applied({ result: { status: 'applied' } }),
    [adjust],
    /version/,
  ],
  [
    'nobody saw what it was before',
    applied({ change_set: { ...changeSet, before: { id: 'INV-1' } } }),
    [adjust],
    /fee was before/,
  ],
  ['it is no change of one row', applied({ change_set: null }), [adjust], /update of one row/],
])('it is not drafted where %s', (_what, detail, capabilities, why) => {
  expect(reverseOf(detail, inForce(...capabilities))).toMatchObject({
    ok: false,
    refusedBecause: expect.stringMatching(why),
  });
});
