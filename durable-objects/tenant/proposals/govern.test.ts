import { describe, expect, test } from 'vitest';
import type { InForce } from '../contracts/in-force.ts';
import { findInForce } from '../contracts/in-force.ts';
import { contractPolicyOf } from '../policies/contract-policy-of.ts';
import { counterKeysOf } from '../policies/limits.ts';
import { CAPABILITY, capability, contractOf, inForce } from '../test-contract.ts';
import { changeSet, NOW, SOURCE, TENANT, worldOf } from '../test-support.ts';
import type { PolicySaved } from '../turn/body.ts';
import { factsOf, type Governed, govern } from './govern.ts';

const POLICY_SEQ = 8;
type Approval = NonNullable<NonNullable<Parameters<typeof capability>[1]>['approval']>;
type Document = PolicySaved['policy'];

const byPeople = { mode: 'human', required_role: 'lead', required_approvals: 1 } as const;
/** The contract leaves the decision to a policy of its own: up to 50, so many times a day. */
const byPolicy = { mode: 'policy', policy: 'small', required_role: 'lead' } as const;
const small = {
  name: 'small',
  kind: 'approval' as const,
  mode: 'green' as const,
  rules: [{ field: 'fee', max: 50 }],
  limits: [{ kind: 'count' as const, max: 2, period: 'day' as const }],
};

function document(changes: Partial<Document>): Document {
  return {
    name: 'ours',
    applies_to: ['*'],
    when: 'true',
    effect: 'refuse',
    limits: [],
    tests: [],
    ...changes,
  };
}

const refusing = document({ effect: 'refuse', message: 'ask finance' });
const asking = document({ effect: 'ask', requires: { role: 'legal', approvals: 2 } });
const approving = document({ effect: 'approve', limits: [{ count: 3, per: 'policy', period: 'day' }] });
const elsewhere = document({ effect: 'refuse', message: 'no', applies_to: ['other.capability'] });

/** What the law says of a waiver to this fee. */
function governed(approval: Approval | undefined, ours?: Document, fee = 40, used = 0): Governed {
  const contract = contractOf(capability({}, approval === undefined ? {} : { approval }), {
    policies: [small],
  });
  const reference =
    ours === undefined ? [] : [{ name: ours.name, seq: POLICY_SEQ, digest: JSON.stringify(ours) }];
  const law = inForce(contract, {
    settings: [{ tenant: TENANT, name: 'policies', value: reference, tip_seq: 0, tip_hash: '' }],
    counters: counterKeys(contract, fee).map((key) => ({ tenant: TENANT, key, count: used, total: 0 })),
  });
  const bodies = ours === undefined ? [] : [{ seq: POLICY_SEQ, body: { ...saved, policy: ours } }];
  const world = worldOf({ ...law, bodies: [...law.bodies, ...bodies] });
  const found = findInForce(world, CAPABILITY);
  if (!found.ok) throw new TypeError('the contract is not in force');
  return govern(world, found.inForce, facts(found.inForce, fee));
}

const saved = { name: 'ours', version: 1, digest: 'sha256:policy' };

function facts(law: InForce, fee: number) {
  const proposer = {
    agent: { id: 'crd_agent', name: 'agent' },
    args: { fee },
    reason: null,
    sourceId: SOURCE,
    rehearsal: 'done',
  };
  return factsOf(law, { ...changeSet, patch: { fee }, after: { fee } }, proposer, NOW);
}

function counterKeys(contract: ReturnType<typeof contractOf>, fee: number): string[] {
  const found = findInForce(worldOf(inForce(contract)), CAPABILITY);
  const own = found.ok ? contractPolicyOf(found.inForce) : undefined;
  return found.ok && own !== undefined
    ? facts(found.inForce, fee).flatMap((row) => counterKeysOf([own], row))
    : [];
}

const anyone = [{ role: null, approvals: 1 }];
const lead = [{ role: 'lead', approvals: 1 }];

describe('the law of a project', () => {
  test('without policies is the contract’s own requirement', () => {
    expect(governed(undefined)).toEqual({ kind: 'review', requirements: anyone, cause: null });
    expect(governed(byPeople)).toEqual({ kind: 'review', requirements: lead, cause: null });
  });

  test('refuses where a policy refuses, in its words, whatever the contract says', () => {
    for (const approval of [undefined, byPeople, byPolicy]) {
      expect(governed(approval, refusing)).toEqual({
        kind: 'refused',
        cause: { by: 'policy:ours', message: 'ask finance', code: 'refused_by_policy', next: 'ask finance' },
      });
    }
  });

  test('adds what a policy asks to what the contract asks', () => {
    expect(governed(byPeople, asking)).toMatchObject({
      kind: 'review',
      requirements: [...lead, { role: 'legal', approvals: 2 }],
      cause: { by: 'policy:ours' },
    });
  });

  test('lets no policy approve where the contract wants people', () => {
    expect(governed(byPeople, approving)).toEqual({ kind: 'review', requirements: lead, cause: null });
  });

  test('is the policy’s to approve where the contract says so, and it is counted', () => {
    expect(governed(byPolicy, approving, 60)).toMatchObject({
      kind: 'approved',
      policy: 'ours',
      counted: [{ count: 1, total: 0 }],
    });
  });

  test('lets the contract’s own policy approve what is within its rules', () => {
    expect(governed(byPolicy)).toMatchObject({ kind: 'approved', counted: [{ count: 1 }] });
    expect(governed(byPolicy, undefined, 51)).toMatchObject({ kind: 'review', requirements: lead });
  });

  test('asks people once a limit is used up, and says so', () => {
    expect(governed(byPolicy, undefined, 40, 2)).toMatchObject({
      kind: 'review',
      requirements: lead,
      cause: { message: expect.stringContaining('limit of 2') },
    });
  });

  test('asks people where any policy asks, though another would approve', () => {
    expect(governed(byPolicy, asking)).toMatchObject({ kind: 'review' });
  });

  test('is no matter of a policy about another capability', () => {
    expect(governed(byPeople, elsewhere)).toMatchObject({ kind: 'review', cause: null });
  });
});
