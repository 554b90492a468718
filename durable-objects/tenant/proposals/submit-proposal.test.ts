import type { GuardedUpdate } from '@countersign/protocol/change-set/guarded-update';
import { runnerProposalSchema } from '@countersign/protocol/runner-messages';
import { describe, expect, test } from 'vitest';
import type { Identity } from '../access/identity.ts';
import { capability, contractOf, inForce, REFERENCE } from '../test-contract.ts';
import { appendAll, changeSet, gist, machine, NOW, SOURCE, worldOf } from '../test-support.ts';
import { propose, submit } from './submit-proposal.ts';

const service = machine('service');
const runner = machine('runner');
const ID = 'own-1';

interface Given {
  readonly contract?: ReturnType<typeof contractOf>;
  readonly identity?: Identity;
  /** What the request says of the contract. */
  readonly named?: typeof REFERENCE;
}

/** What becomes of a complete change set, changed as given. */
function proposed(changes: Partial<GuardedUpdate> = {}, given: Given = {}) {
  const { contract = contractOf(), identity = service, named } = given;
  const world = worldOf(inForce(contract));
  const set = { ...changeSet, proposal_id: ID, ...changes };
  const request = { source_id: SOURCE, change_set: set, ...(named === undefined ? {} : { contract: named }) };
  const outcome = propose(world, { type: 'propose', request }, identity, NOW);
  appendAll(world, outcome);
  return { ...gist(outcome), after: world.proposal(ID) };
}

const byPolicy = capability({}, { approval: { mode: 'policy', policy: 'small' } });
const policies = [
  { name: 'small', kind: 'approval' as const, mode: 'green' as const, rules: [{ field: 'fee', max: 50 }] },
];
const wanting = (approval: Partial<GuardedUpdate['approval']>) => ({
  approval: { status: 'pending' as const, ...approval },
});

describe('a complete change set', () => {
  test('that fits the contract in force is entered, under that contract', () => {
    expect(proposed()).toMatchObject({
      answer: 'ok',
      entries: ['proposal.submitted'],
      after: { state: 'pending_review', requirements: [{ role: null, approvals: 1 }], rehearsal: null },
    });
  });

  test('can ask for more people than the contract does, and never for fewer', () => {
    const contract = contractOf(
      capability({}, { approval: { mode: 'human', required_role: 'lead', required_approvals: 2 } }),
    );
    const requirements = (approval: Partial<GuardedUpdate['approval']>) =>
      proposed(wanting(approval), { contract }).after?.requirements;
    expect(requirements({ required_approvals: 1 })).toEqual([{ role: 'lead', approvals: 2 }]);
    expect(requirements({ required_role: 'legal', required_approvals: 1 })).toEqual([
      { role: 'lead', approvals: 2 },
      { role: 'legal', approvals: 1 },
    ]);
  });

  test.each<[string, Partial<GuardedUpdate>, string[]]>([
    ['alone', {}, ['proposal.submitted', 'proposal.approved']],
    [
      'where it asks for one person',
      wanting({ required_approvals: 1 }),
      ['proposal.submitted', 'proposal.approved'],
    ],
    ['but not where it asks for two', wanting({ required_approvals: 2 }), ['proposal.submitted']],
    ['but not where it asks for a role', wanting({ required_role: 'lead' }), ['proposal.submitted']],
  ])('may be approved by a policy, %s', (_name, changes, entries) => {
    const contract = contractOf(byPolicy, { policies });
    expect(proposed(changes, { contract })).toMatchObject({ answer: 'ok', entries });
  });

  const bound = machine('service', { bindings: { tenant_id: 'other', principal: 'principal' } });
  const elsewhere = machine('service', { sources: ['src_other'] });

  test.each<[string, Partial<GuardedUpdate>, Given, string]>([
    ['of a capability that there is not', { action: 'x.y' }, {}, 'capability_unknown'],
    ['beyond the bounds', { patch: { fee: 10_001 }, after: { fee: 10_001 } }, {}, 'bound_exceeded'],
    ['of another table', { source: { ...changeSet.source, table: 'payments' } }, {}, 'outside_contract'],
    ['that shows what is kept out', { before: { fee: 1, card: '4111' } }, {}, 'outside_contract'],
    [
      'under a version that is not in force',
      {},
      { named: { ...REFERENCE, digest: 'sha256:0' } },
      'contract_not_active',
    ],
    [
      'under a version that has another digest',
      {},
      { named: { ...REFERENCE, contract_version_id: 'ctv_0' } },
      'contract_digest_mismatch',
    ],
    ['for another tenant than the credential’s', {}, { identity: bound }, 'hidden_binding'],
    ['of a source that is not covered', {}, { identity: elsewhere }, 'source_not_permitted'],
  ])('%s is refused', (_name, changes, given, answer) => {
    expect(proposed(changes, given)).toMatchObject({ answer, entries: [] });
  });
});

describe('a submission by a runner', () => {
  function submitted(contract: object) {
    const request = runnerProposalSchema.parse({
      schema_version: 'synapsor.runner-proposal.v1',
      runner_id: 'run_a',
      source_id: SOURCE,
      contract,
      change_set: {
        ...changeSet,
        proposal_id: 'wrp_1',
        integrity: { proposal_hash: `sha256:${'a'.repeat(64)}` },
      },
    });
    return gist(submit(worldOf(inForce()), { type: 'submit', request }, runner, NOW));
  }

  test('must name the contract in force', () => {
    expect(submitted(REFERENCE)).toEqual({ answer: 'ok', entries: ['proposal.submitted'] });
    const older = { ...REFERENCE, digest: `sha256:${'0'.repeat(64)}` };
    expect(submitted(older)).toEqual({ answer: 'contract_not_active', entries: [] });
  });
});
