import { describe, expect, test } from 'vitest';
import type { Identity } from '../access/identity.ts';
import type { MemberRow } from '../schema.ts';
import {
  CAPABILITY,
  CONTRACT_ID,
  capability,
  capabilityRow,
  contractOf,
  contractRow,
  inForce,
  pushedBody,
  referenceOf,
  source,
  versionRow,
} from '../test-contract.ts';
import { appendAll, gist, keyed, machine, memberRow, NOW, person, worldOf } from '../test-support.ts';
import { activateContract } from './activate-contract.ts';

const olga = person('olga', { roles: ['owner'] });
const service = machine('service', { permissions: ['contracts:activate'] });
const standing = contractOf();
const wider = contractOf(capability({}, { numeric_bounds: { fee: { minimum: 0, maximum: 10_001 } } }));
const narrower = contractOf(capability({}, { numeric_bounds: { fee: { minimum: 0, maximum: 9_999 } } }));
/** Has another capability instead. */
const renamed = contractOf(capability({ name: 'invoices.other' }));

type Contract = ReturnType<typeof contractOf>;

interface Given {
  readonly reason?: string | null;
  readonly identity?: Identity;
  readonly isRollback?: boolean;
  readonly roster?: readonly MemberRow[];
  readonly ids?: { readonly contractId?: string; readonly versionId?: string };
}

/** Activates a staged version beside the one in force, which is `before`. */
function activated(next: Contract, before: Contract | undefined, given: Given = {}, others: Contract[] = []) {
  const { reason = null, identity = olga, isRollback = false, roster = [memberRow()], ids = {} } = given;
  const law = inForce(before ?? next);
  const isSame = before === next;
  const world = worldOf({
    roster: [...roster],
    keyed: keyed({
      ...law.keyed,
      contracts: [contractRow(before ?? next, before !== undefined)],
      versions: [...law.keyed.versions, ...(isSame ? [] : [versionRow(next, { seq: 6, version_number: 2 })])],
      capabilities: [
        ...(before === undefined ? [] : law.keyed.capabilities),
        ...others.map((one) => ({ ...capabilityRow(one), contract_id: 'ctr_other' })),
      ],
      sources: [source],
    }),
    bodies: [...law.bodies, { seq: 6, body: pushedBody(next) }],
  });
  const ask = {
    type: 'activate-contract',
    contractId: CONTRACT_ID,
    versionId: referenceOf(next).contract_version_id,
    reason,
    isRollback,
    ...ids,
  } as const;
  const outcome = activateContract(world, ask, identity, NOW);
  appendAll(world, outcome);
  return {
    ...gist(outcome),
    body: outcome.entries[0]?.body,
    row: world.row('contracts', CONTRACT_ID),
    versionOf: (name: string) => world.row('capabilities', name)?.version_id,
  };
}

describe('a version', () => {
  test('comes into force with its capabilities', () => {
    const result = activated(standing, undefined);
    expect(result).toMatchObject({ answer: 'ok', entries: ['contract.activated'] });
    expect(result.row?.active_version_id).toBe(referenceOf(standing).contract_version_id);
    expect(result.versionOf(CAPABILITY)).toBe(referenceOf(standing).contract_version_id);
  });

  test('takes the place of the one before; what it does not have is in force no more', () => {
    const result = activated(renamed, standing, { reason: 'we renamed it' });
    expect(result.body).toMatchObject({
      retired: [CAPABILITY],
      previous_version_id: referenceOf(standing).contract_version_id,
    });
    expect(result.versionOf(CAPABILITY)).toBeNull();
    expect(result.versionOf('invoices.other')).toBe(referenceOf(renamed).contract_version_id);
  });

  test('that is in force already is an answer and no entry', () => {
    expect(activated(standing, standing)).toMatchObject({ answer: 'ok', entries: [] });
  });

  test('that permits no more needs neither a reason nor a person', () => {
    expect(activated(narrower, standing, { identity: service })).toMatchObject({
      answer: 'ok',
      entries: ['contract.activated'],
      body: { risk_increasing: false },
    });
  });

  test('that is the first needs neither: there is nothing to compare', () => {
    expect(activated(wider, undefined, { identity: service })).toMatchObject({ answer: 'ok' });
  });

  test('that permits more says why, in the ledger', () => {
    expect(activated(wider, standing, { reason: 'fees went up' }).body).toMatchObject({
      risk_increasing: true,
      reason: 'fees went up',
      is_rollback: false,
    });
  });

  test('that is brought back says so', () => {
    expect(activated(narrower, standing, { isRollback: true }).body).toMatchObject({ is_rollback: true });
  });
});

describe('an activation is refused', () => {
  test.each<[string, Given, string]>([
    ['without a reason, where it permits more', {}, 'agent_contract_activation_reason_required'],
    ['with an empty one', { reason: '  ' }, 'agent_contract_activation_reason_required'],
    ['of a service, where it permits more', { identity: service, reason: 'because' }, 'forbidden'],
    ['of no contract', { ids: { contractId: 'ctr_none' } }, 'contract_not_found'],
    ['of no version', { ids: { versionId: 'ctv_none' } }, 'contract_not_found'],
  ])('%s', (_name, given, answer) => {
    const result = activated(wider, standing, given);
    expect(result).toMatchObject({ answer, entries: [] });
    expect(result.versionOf(CAPABILITY)).toBe(referenceOf(standing).contract_version_id);
  });

  test('where another contract in force has one of its capabilities', () => {
    expect(activated(standing, undefined, {}, [standing])).toMatchObject({
      answer: 'capability_taken',
      entries: [],
    });
  });

  test('where nobody could approve what it asks people to', () => {
    expect(activated(standing, undefined, { roster: [] })).toMatchObject({
      answer: 'rule_unsatisfiable',
      entries: [],
    });
  });

  test('but not when it brings back what held before, for want of people', () => {
    expect(activated(narrower, standing, { isRollback: true, roster: [] })).toMatchObject({ answer: 'ok' });
  });

  test('of another contract’s version', () => {
    const versionId = referenceOf(wider).contract_version_id;
    const world = worldOf({
      keyed: keyed({
        contracts: [contractRow(standing)],
        versions: [versionRow(wider, { contract_id: 'ctr_other' })],
      }),
    });
    const ask = {
      type: 'activate-contract',
      contractId: CONTRACT_ID,
      versionId,
      reason: null,
      isRollback: false,
    } as const;
    expect(gist(activateContract(world, ask, olga, NOW)).answer).toBe('contract_not_found');
  });
});
