import { describe, expect, test } from 'vitest';
import { findInForce } from '../contracts/in-force.ts';
import { factsOf } from '../proposals/govern.ts';
import { CAPABILITY, CONTRACT_ID, capability, contractOf, inForce } from '../test-contract.ts';
import { changeSet, NOW, SOURCE, worldOf } from '../test-support.ts';
import { contractPolicyOf } from './contract-policy-of.ts';

const small = {
  name: 'small',
  kind: 'approval' as const,
  mode: 'green' as const,
  rules: [{ field: 'fee', max: 50 }],
};

function policyAndFacts(approval: object, proposed: object = {}, fee = 40) {
  const one = capability({}, { approval: { mode: 'policy', ...approval }, ...proposed });
  const found = findInForce(worldOf(inForce(contractOf(one, { policies: [small] }))), CAPABILITY);
  if (!found.ok) throw new TypeError('the contract is not in force');
  const proposer = {
    agent: { id: 'crd_agent', name: 'agent' },
    args: {},
    reason: null,
    sourceId: SOURCE,
    rehearsal: 'done',
  };
  const set = { ...changeSet, patch: { fee }, after: { fee } };
  const [facts = {}] = factsOf(found.inForce, set, proposer, NOW);
  return { policy: contractPolicyOf(found.inForce), facts };
}

function verdict(approval: object, proposed: object = {}, fee = 40) {
  const { policy, facts } = policyAndFacts(approval, proposed, fee);
  return policy?.evaluate(facts).kind;
}

describe('the approval policy of a capability', () => {
  test('is the one that its approval names, under a name that no policy of the project can have', () => {
    expect(policyAndFacts({ policy: 'small' }).policy?.name).toBe(`contract:${CONTRACT_ID}/small`);
    expect(verdict({ policy: 'small' })).toBe('match');
  });

  test.each([
    ['no policy is named', {}],
    ['another one is named', { policy: 'large' }],
  ])('is none where %s', (_name, approval) => {
    expect(policyAndFacts(approval).policy).toBeUndefined();
  });

  test('stands for one approval, never for two', () => {
    expect(verdict({ policy: 'small', required_approvals: 2 })).toBe('no_match');
  });

  test('knows the least that the bounds allow', () => {
    const below = { numeric_bounds: { fee: { minimum: -10, maximum: 50 } } };
    expect(verdict({ policy: 'small' }, below, -10)).toBe('match');
    expect(verdict({ policy: 'small' }, { numeric_bounds: { fee: { maximum: 50 } } }, -10)).toBe('no_match');
  });
});
