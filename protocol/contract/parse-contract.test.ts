import { describe, expect, test } from 'vitest';
import { changeAt } from './change-at.ts';
import { contractDigest } from './contract-digest.ts';
import { parseContract } from './parse-contract.ts';
import { boundedUpdate, externalAction, policyApproved } from './published-examples.ts';
import {
  billingContract,
  billingWithPolicyContract,
  billingWithStatesContract,
  principalScopedContract,
} from './sample-contracts.ts';
import { otherKindsContract } from './sample-other-kinds.ts';

function codesOf(value: unknown): string[] {
  const parsed = parseContract(value);
  return parsed.ok ? [] : parsed.issues.map(({ code }) => code);
}

describe('a contract that is valid', () => {
  test.each([
    ['a bounded update', boundedUpdate],
    ['one with a policy', policyApproved],
    ['one with an external action', externalAction],
    ['the billing sample', billingContract()],
    ['the one with states', billingWithStatesContract()],
    ['the one with a policy', billingWithPolicyContract()],
    ['the one within a principal', principalScopedContract()],
    ['every other kind', otherKindsContract()],
  ])('%s', (_, contract) => {
    expect(parseContract(contract)).toEqual({ ok: true, contract });
  });

  test('may grant nothing', () => {
    expect(codesOf(changeAt(billingContract(), 'capabilities', []))).toEqual([]);
  });

  test('keeps its extensions, and its digest is that of the document', () => {
    const paths = ['x-cloud-owner', 'contexts.0.x-runner-a.b', 'capabilities.0.proposal.x-experimental-z'];
    const sent = { ...billingContract(), 'x-cloud-owner': { team: ['a'] } };
    const parsed = parseContract(changeAt(sent, 'capabilities.0.proposal.x-experimental-z', 1));
    if (!parsed.ok) throw new Error(JSON.stringify(parsed.issues));
    expect(Reflect.get(parsed.contract, paths[0] ?? '')).toEqual({ team: ['a'] });
    expect(contractDigest(parsed.contract)).not.toBe(contractDigest(billingContract()));
    expect(contractDigest(parsed.contract)).toMatch(/^sha256:[0-9a-f]{64}$/);
  });

  test('has the same digest whatever the order of its keys, and another where anything differs', () => {
    const contract = billingContract();
    const turned = Object.fromEntries(Object.entries(contract).reverse());
    const parsed = parseContract(turned);
    if (!parsed.ok) throw new Error(JSON.stringify(parsed.issues));
    expect(contractDigest(parsed.contract)).toBe(contractDigest(contract));
    const other = parseContract(changeAt(contract, 'capabilities.0.args.invoice_id.required', true));
    if (!other.ok) throw new Error(JSON.stringify(other.issues));
    expect(contractDigest(other.contract)).not.toBe(contractDigest(contract));
  });
});

describe('what is told about a contract that is not', () => {
  test('everything at once, each at its place', () => {
    const wrong = [
      ['capabilities.0.lookup', undefined],
      ['capabilities.0.proposal.conflict_guard', { weak_guard_ack: true }],
      ['capabilities.0.context', 'nowhere'],
      ['resources.0.tenant_key', undefined],
    ] as const;
    const contract = wrong.reduce<unknown>(
      (soFar, [path, value]) => changeAt(soFar, path, value),
      billingContract(),
    );
    const parsed = parseContract(contract);
    expect(parsed.ok ? [] : parsed.issues.map(({ path, code }) => [path, code])).toEqual([
      ['$.resources[0].tenant_key', 'TENANT_KEY_REQUIRED'],
      ['$.capabilities[0].context', 'UNKNOWN_CONTEXT'],
      ['$.capabilities[0].lookup', 'LOOKUP_REQUIRED'],
      ['$.capabilities[0].proposal.conflict_guard', 'CONFLICT_GUARD_REQUIRED'],
    ]);
  });

  test('every fault of the shape, the unknown key beside the wrong value', () => {
    const contract = { ...billingContract(), capability: [], kind: 'Contract', 'x-other-a': 1 };
    expect(codesOf(contract).sort()).toEqual(['INVALID_VALUE', 'UNKNOWN_FIELD', 'UNKNOWN_FIELD']);
  });

  test('once where there is no object at all', () => {
    const parsed = parseContract({ ...billingContract(), contexts: ['desk', null, [7]] });
    expect(parsed.ok ? [] : parsed.issues.map(({ path, code }) => [path, code])).toEqual([
      ['$.contexts[0]', 'INVALID_VALUE'],
      ['$.contexts[1]', 'INVALID_VALUE'],
      ['$.contexts[2]', 'INVALID_VALUE'],
    ]);
  });

  test('a hundred at most', () => {
    const names = Array.from({ length: 150 }, (_, index) => `no.such_${index}`);
    const workflow = { name: 'billing.work', context: 'desk', allowed_capabilities: names };
    expect(codesOf({ ...billingContract(), workflows: [workflow] })).toHaveLength(100);
  });

  test('never the credential that stands in it', () => {
    const secret = 'postgres://app:hunter2@db/billing';
    const parsed = parseContract({ ...billingContract(), 'x-runner-a': [{ Read_URL: secret }] });
    expect(parsed.ok ? undefined : parsed.issues).toMatchObject([
      { path: '$.x-runner-a[0].Read_URL', code: 'SECRET_IN_CONTRACT' },
    ]);
    expect(JSON.stringify(parsed)).not.toContain('hunter2');
  });

  test.each([null, 7, 'contract', [], [{}], {}])('%j is no contract', (value) => {
    expect(parseContract(value).ok).toBe(false);
  });
});
