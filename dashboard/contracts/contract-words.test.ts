import type { ActionContract } from '@countersign/protocol/action/action-contract';
import type { AgentContract, Capability } from '@countersign/protocol/contract/contract-document';
import { billingWithStatesContract } from '@countersign/protocol/contract/sample-contracts';
import { expect, test } from 'vitest';
import {
  actionApprovalWords,
  approvalWords,
  bindingWords,
  effectWords,
  inputColumns,
  rowWords,
  writingWords,
  writtenColumns,
} from './contract-words.ts';

const contract = billingWithStatesContract();
const capability = (name: string, changes: Partial<Capability> = {}): Capability => {
  const found = contract.capabilities.find((one) => one.name === name);
  if (found === undefined) throw new TypeError(`no sample is called ${name}`);
  return { ...found, ...changes };
};
const waive = capability('billing.waive_late_fee');
const proposal = (changes: object = {}) => ({
  action: 'a.b',
  allowed_fields: [],
  patch: {},
  ...waive.proposal,
  ...changes,
});
type Operation = NonNullable<NonNullable<Capability['proposal']>['operation']>;

test.each<[Operation | undefined, string]>([
  [undefined, 'Changes one row of public.invoices'],
  [{ kind: 'insert' }, 'Adds one row of public.invoices'],
  [{ kind: 'delete', cardinality: 'set', max_rows: 9 }, 'Deletes at most 9 rows of public.invoices at once'],
])('an operation %j', (operation, words) => {
  expect(effectWords(contract, { ...waive, proposal: proposal({ operation }) })).toBe(words);
});

test('a reading capability is said to read, with its bound', () => {
  const { proposal: _none, ...reading } = waive;
  expect(effectWords(contract, { ...reading, kind: 'read', max_rows: 5 })).toBe(
    'Reads at most 5 rows of public.invoices',
  );
});

test('rows are fenced off by what the credential says, and by what is missing', () => {
  expect(rowWords(contract, waive)).toEqual([
    'invoice_id is the argument invoice_id',
    'tenant_id is the tenant of the agent’s credential (tenant_id)',
  ]);
  const open: AgentContract = { ...contract, resources: [] };
  expect(rowWords(open, { ...waive, subject: {} })).toContain('no tenant separates its rows');
  const own = { ...waive, subject: { ...waive.subject, principal_scope_key: 'owner_id' } };
  expect(rowWords(contract, own).at(-1)).toBe('owner_id is whom the agent acts for (principal)');
});

test('columns say where their value comes from and how far it goes', () => {
  expect(writtenColumns(waive)).toEqual([
    { column: 'late_fee_cents', from: 'the argument late_fee_cents', bound: '0.00 to 100.00' },
    { column: 'waiver_reason', from: 'the argument waiver_reason', bound: 'at most 500 characters' },
  ]);
  expect(writtenColumns(capability('billing.close_invoice'))).toEqual([
    {
      column: 'status',
      from: 'the argument new_status',
      bound: 'open → paid or void, disputed → void; one of paid, void',
    },
    { column: 'closed_by', from: 'always "desk"', bound: '' },
  ]);
});

test.each<[object | undefined, readonly string[]]>([
  [undefined, ['one approval by anybody who may approve: the contract says nothing about it']],
  [{ mode: 'human', required_role: 'lead' }, ['one approval by lead']],
  [{ mode: 'human', required_approvals: 2 }, ['2 approvals by anybody who may approve, different people']],
  [
    { mode: 'policy', policy: 'small', required_role: 'lead' },
    [
      'nobody, where the policy small takes it: fee_cents at most 20.00, 3 changes a day for each row, 5.00 of fee_cents in total a day',
      'beyond that one approval by lead',
    ],
  ],
])('approval %j', (approval, words) => {
  const policies: AgentContract['policies'] = [
    {
      name: 'small',
      kind: 'approval',
      rules: [{ field: 'fee_cents', max: 2_000 }],
      limits: [
        { kind: 'count', max: 3, period: 'day', scope: 'tenant_policy_object' },
        { kind: 'total', field: 'fee_cents', max: 500, period: 'day' },
      ],
    },
  ];
  expect(approvalWords({ ...contract, policies }, proposal({ approval }))).toEqual(words);
});

test('a write that nobody attends is said to be one', () => {
  expect(writingWords(proposal({ execution: { supervised_worker: 'allowed' } }))).toEqual([
    'a runner writes it, in one guarded statement',
    'only while version is as it was when it was proposed',
    'a worker may apply it with nobody attending',
  ]);
});

const refund: ActionContract = {
  name: 'refunds.give',
  context: 'desk',
  provider: 'command',
  target: 'payments',
  args: {
    refund_cents: { type: 'number', minimum: 1, maximum: 500 },
    kind: { type: 'string', enum: ['whole', 'part'] },
  },
  input: {
    refund_cents: { from_arg: 'refund_cents' },
    kind: { from_arg: 'kind' },
    whom: { from_binding: 'principal' },
    note: { fixed: 'sorry' },
  },
  business_key: ['kind'],
  approval: { mode: 'human', required_approvals: 2, required_role: 'lead' },
};

test('an effect outside says what it is told', () => {
  expect(inputColumns(refund)).toEqual([
    { column: 'refund_cents', from: 'the argument refund_cents', bound: '0.01 to 5.00' },
    { column: 'kind', from: 'the argument kind', bound: 'one of whole, part' },
    { column: 'whom', from: 'the agent’s credential (principal)', bound: '' },
    { column: 'note', from: 'always "sorry"', bound: '' },
  ]);
});

test.each<[ActionContract['approval'], string]>([
  [{ mode: 'none' }, 'nobody: every well-formed one goes on at once'],
  [
    { mode: 'policy' },
    'nobody, where a policy takes it; beyond that one approval by anybody who may approve',
  ],
  [refund.approval, '2 approvals by lead, different people'],
])('an effect with approval %j', (approval, words) => {
  expect(actionApprovalWords({ ...refund, approval })).toBe(words);
});

test('whom an agent acts for is told with where it is known from, and when it may be missing', () => {
  const bindings = [
    { name: 'tenant_id', source: 'cloud_session', key: 'tenant', required: true },
    { name: 'desk', source: 'http_claim', key: 'team' },
  ] as const;
  expect(bindingWords({ name: 'desk', bindings: [...bindings] })).toEqual([
    'tenant_id comes from the agent’s credential (tenant)',
    'desk comes from a claim of the caller’s token (team), and may be missing',
  ]);
});
