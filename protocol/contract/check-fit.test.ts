import { describe, expect, test } from 'vitest';
import { type ChangeSet, changeSetSchema } from '../change-set.ts';
import { buildChangeSet } from './build-change-set.ts';
import { changeAt } from './change-at.ts';
import { checkFit } from './check-fit.ts';
import { contractDigest } from './contract-digest.ts';
import type { AgentContract } from './contract-document.ts';
import { parseContract } from './parse-contract.ts';
import { billingContract, billingWithStatesContract, principalScopedContract } from './sample-contracts.ts';
import { otherKindsContract } from './sample-other-kinds.ts';
import { subjectOf } from './subject-of.ts';

const row = {
  invoice_id: 'INV-1',
  late_fee_cents: 5_500,
  waiver_reason: null,
  status: 'open',
  version: 7,
  closed_by: null,
  card_number: '4111',
};
const patches: Record<string, Record<string, string | number>> = {
  'billing.waive_late_fee': { late_fee_cents: 0, waiver_reason: 'first offence' },
  'billing.close_invoice': { status: 'void', closed_by: 'desk' },
};

/** A change set of the contract's last capability. */
function changeSetOf(contract: AgentContract): ChangeSet {
  const capability = contract.capabilities.at(-1);
  const subject = capability && subjectOf(contract, capability);
  if (capability === undefined || subject === undefined) throw new Error('the sample has both');
  return buildChangeSet({
    contract,
    reference: { contract_id: 'billing', contract_version_id: 'v1', digest: contractDigest(contract) },
    capability,
    subject,
    sourceId: 'other',
    engine: 'postgres',
    objectId: 'INV-1',
    tenantId: 'acme',
    principal: { id: 'agent-7', source: 'cloud_session' },
    before: row,
    version: 7,
    patch: patches[capability.name] ?? {},
    proposalId: 'wrp_1',
    proposalVersion: 1,
    createdAt: '2026-01-01T00:00:00Z',
    requirement: { role: 'billing_lead', approvals: 2 },
  });
}

function refusalTo(contract: AgentContract, changes: Readonly<Record<string, unknown>> = {}) {
  const changed = Object.entries(changes).reduce<unknown>(
    (soFar, [path, value]) => changeAt(soFar, path, value),
    changeSetOf(contract),
  );
  // What does not pass the schema never gets as far as the contract.
  return checkFit(contract, { digest: contractDigest(contract) }, changeSetSchema.parse(changed));
}

test('what the capability makes fits', () => {
  for (const contract of [billingContract(), billingWithStatesContract(), principalScopedContract()]) {
    expect(refusalTo(contract)).toBeUndefined();
  }
});

describe('what differs from what was reviewed', () => {
  const fingerprinted = changeSetOf(principalScopedContract()).guards.principal_scope;
  test.each<[string, Record<string, unknown>, string]>([
    ['the capability', { action: 'billing.refund' }, 'billing.waive_late_fee'],
    ['the contract', { 'contract.digest': 'sha256:other' }, contractDigest(billingContract())],
    ['the engine', { 'source.kind': 'external_mysql' }, 'source.kind: postgres'],
    ['a kind that no runner writes to', { 'source.kind': 'synapsor_table' }, 'source.kind: postgres'],
    ['the source', { 'source.source_id': 'main' }, 'source.source_id: billing'],
    ['the schema', { 'source.schema': 'private' }, 'source.schema: public'],
    ['the table', { 'source.table': 'payments' }, 'source.table: invoices'],
    ['the key column', { 'source.primary_key.column': 'id' }, 'source.primary_key.column: invoice_id'],
    ['the row that people see', { 'scope.object_id': 'INV-2' }, 'scope.object_id: INV-1'],
    ['the tenant column', { 'guards.tenant.column': 'org_id' }, 'guards.tenant.column: tenant_id'],
    ['a principal scope', { 'guards.principal_scope': fingerprinted }, 'no guards.principal_scope.column'],
    [
      'the guard column',
      { 'guards.expected_version.column': 'rev' },
      'guards.expected_version.column: version',
    ],
    ['a guard without a value', { 'guards.expected_version.value': null }, 'the version as it was read'],
    ['an allowed column', { 'guards.allowed_columns.2': 'status' }, 'within late_fee_cents, waiver_reason'],
    [
      'a column more in the patch',
      { 'guards.allowed_columns.2': 'status', 'patch.status': 'void', 'after.status': 'void' },
      'within late_fee_cents, waiver_reason',
    ],
    [
      'a column less in the patch',
      { 'patch.waiver_reason': undefined, 'after.waiver_reason': null },
      'exactly',
    ],
    ['a patched column that nobody sees', { 'before.waiver_reason': undefined }, 'before with waiver_reason'],
  ])('%s', (_, changes, next) => {
    const refusal = refusalTo(billingContract(), changes);
    expect(refusal).toMatchObject({ code: 'outside_contract' });
    expect(refusal?.next).toContain(next);
  });

  test('a principal scope that is missing, or is another', () => {
    const contract = principalScopedContract();
    const column = 'guards.principal_scope.column';
    expect(refusalTo(contract, { 'guards.principal_scope': undefined })?.next).toBe(`${column}: assigned_to`);
    const unsaid = { 'guards.principal_scope.value': undefined };
    expect(refusalTo(contract, unsaid)).toBeUndefined();
    expect(refusalTo(contract, { ...unsaid, [column]: 'owner' })?.code).toBe('outside_contract');
    expect(refusalTo(contract, { ...unsaid, 'guards.principal_scope.binding': 'user' })?.next).toBe(
      'guards.principal_scope.binding: principal',
    );
  });

  test('a fixed value', () => {
    const changes = { 'patch.closed_by': 'me', 'after.closed_by': 'me' };
    expect(refusalTo(billingWithStatesContract(), changes)).toMatchObject({
      code: 'outside_contract',
      next: 'closed_by: "desk"',
    });
  });

  test('two columns of one argument', () => {
    const parsed = parseContract(
      changeAt(billingWithStatesContract(), 'capabilities.1.proposal.patch.closed_by', {
        from_arg: 'new_status',
      }),
    );
    if (!parsed.ok) throw new Error(JSON.stringify(parsed.issues));
    const differing = { 'patch.closed_by': 'paid', 'after.closed_by': 'paid' };
    expect(refusalTo(parsed.contract, differing)?.code).toBe('outside_contract');
    const same = { 'patch.closed_by': 'void', 'after.closed_by': 'void' };
    expect(refusalTo(parsed.contract, same)).toBeUndefined();
  });
});

describe('what is beyond the rules of values', () => {
  test.each<[string, Record<string, unknown>, string]>([
    ['above the bound', { 'patch.late_fee_cents': 10_001, 'after.late_fee_cents': 10_001 }, 'bound_exceeded'],
    ['below it', { 'patch.late_fee_cents': -1, 'after.late_fee_cents': -1 }, 'bound_exceeded'],
    ['a text', { 'patch.late_fee_cents': '0', 'after.late_fee_cents': '0' }, 'argument_invalid'],
    ['null', { 'patch.late_fee_cents': null, 'after.late_fee_cents': null }, 'argument_invalid'],
    [
      'too long',
      { 'patch.waiver_reason': 'x'.repeat(501), 'after.waiver_reason': 'x'.repeat(501) },
      'argument_invalid',
    ],
    [
      'a key that no argument could be',
      { 'source.primary_key.value': 'I'.repeat(65), 'scope.object_id': 'I'.repeat(65) },
      'argument_invalid',
    ],
  ])('%s', (_, changes, code) => {
    const refusal = refusalTo(billingContract(), changes);
    expect(refusal?.code).toBe(code);
    expect(refusal?.next).toBeTruthy();
  });

  test('a bound that is tighter than the argument', () => {
    const path = 'capabilities.0.proposal.numeric_bounds.late_fee_cents';
    const parsed = parseContract(changeAt(billingContract(), path, { minimum: 100, maximum: 200 }));
    if (!parsed.ok) throw new Error(JSON.stringify(parsed.issues));
    expect(refusalTo(parsed.contract)?.code).toBe('bound_exceeded');
    expect(
      refusalTo(parsed.contract, { 'patch.late_fee_cents': 100, 'after.late_fee_cents': 100 }),
    ).toBeUndefined();
  });

  test('none of the values that the argument takes', () => {
    const changes = { 'patch.status': 'open', 'after.status': 'open' };
    expect(refusalTo(billingWithStatesContract(), changes)?.code).toBe('argument_invalid');
  });

  test('a state that does not lead there', () => {
    const refusal = refusalTo(billingWithStatesContract(), { 'before.status': 'paid' });
    expect(refusal?.code).toBe('transition_not_allowed');
  });

  test('a key as the number that the database has, where the argument is its text, and the other way about', () => {
    const key = { 'source.primary_key.value': 5, 'scope.object_id': '5' };
    expect(refusalTo(billingContract(), key)).toBeUndefined();
    const path = 'capabilities.0.args.invoice_id';
    const parsed = parseContract(changeAt(billingContract(), path, { type: 'number' }));
    if (!parsed.ok) throw new Error(JSON.stringify(parsed.issues));
    expect(refusalTo(parsed.contract, { ...key, 'source.primary_key.value': '5' })).toBeUndefined();
    expect(refusalTo(parsed.contract)?.code).toBe('argument_invalid');
  });
});

describe('what is kept out', () => {
  test.each(['before', 'after'])('never travels in %s, nor its value in the answer', (side) => {
    const changes = { 'before.card_number': '4111-1111', 'after.card_number': '4111-1111' };
    const only = side === 'before' ? { 'before.card_number': '4111-1111' } : changes;
    const refusal = refusalTo(billingContract(), only);
    expect(refusal?.code).toBe('outside_contract');
    expect(refusal?.message).toContain('card_number');
    expect(JSON.stringify(refusal)).not.toContain('4111');
  });

  test('nor does a column of which the contract says nothing', () => {
    expect(refusalTo(billingContract(), { 'before.iban': 'DE00' })?.code).toBe('outside_contract');
  });

  test('the columns that name and fence the row may', () => {
    const keys = { 'before.tenant_id': 'acme', 'before.version': 7, 'before.assigned_to': 'agent-7' };
    expect(refusalTo(principalScopedContract(), keys)).toBeUndefined();
    const parsed = parseContract(
      changeAt(principalScopedContract(), 'capabilities.0.kept_out_fields', ['Assigned_To']),
    );
    if (!parsed.ok) throw new Error(JSON.stringify(parsed.issues));
    expect(refusalTo(parsed.contract, keys)?.code).toBe('outside_contract');
  });
});

test('a capability that writes nothing by SQL is not supported, and one of another operation does not allow an update', () => {
  const { contract: _, ...changeSet } = changeSetOf(billingContract());
  const contract = otherKindsContract();
  const codes = contract.capabilities.map(
    ({ name }) =>
      checkFit(contract, { digest: contractDigest(contract) }, { ...changeSet, action: name })?.code,
  );
  const unsupported = 'change_set_unsupported';
  const outside = 'outside_contract';
  expect(codes).toEqual([
    ...Array(3).fill(unsupported),
    ...Array(4).fill(outside),
    ...Array(3).fill(unsupported),
  ]);
});

test('a change set may leave the digest to the request that carries it', () => {
  expect(refusalTo(billingContract(), { contract: undefined })).toBeUndefined();
});
