import { pushContractSchema } from '@countersign/protocol/contract-requests';
import { describe, expect, test } from 'vitest';
import type { Identity } from '../access/identity.ts';
import {
  CAPABILITY,
  CONTRACT_ID,
  capability,
  contractOf,
  inForce,
  PUSHED,
  referenceOf,
} from '../test-contract.ts';
import { appendAll, gist, memberRow, NOW, person, worldOf } from '../test-support.ts';
import type { Rows } from '../turn/rows.ts';
import { pushContract } from './push-contract.ts';

const olga = person('olga', { roles: ['owner'] });
const standing = contractOf();
/** The same, with a wider bound: it permits more. */
const wider = contractOf(capability({}, { numeric_bounds: { fee: { minimum: 0, maximum: 10_001 } } }));
const narrower = contractOf(capability({}, { numeric_bounds: { fee: { minimum: 0, maximum: 9_999 } } }));

function pushed(contract: unknown, changes = {}, identity: Identity = olga, rows: Partial<Rows> = {}) {
  const world = worldOf({ roster: [memberRow()], ...rows });
  const request = pushContractSchema.parse({
    schema_version: 'synapsor.cloud-contract-push.v0.1',
    contract,
    source: 'test',
    ...changes,
  });
  const outcome = pushContract(world, { type: 'push-contract', request }, identity, NOW);
  appendAll(world, outcome);
  const body = outcome.reply.ok ? outcome.reply.body : undefined;
  const row = world.row('contracts', CONTRACT_ID);
  return { ...gist(outcome), body, row, capability: world.row('capabilities', CAPABILITY), world };
}

const activate = { activate: true };
const NO_DIGEST = `sha256:${'0'.repeat(64)}`;

describe('a version', () => {
  test('is staged, and nothing may be proposed under it yet', () => {
    const result = pushed(standing);
    expect(result).toMatchObject({
      answer: 'ok',
      entries: ['contract.pushed'],
      body: { status: 'staged', version_number: 1, digest: referenceOf(standing).digest },
      row: { active_version_id: null, versions: 1 },
    });
    expect(result.capability).toBeUndefined();
  });

  test('comes into force in the same turn, when it is to', () => {
    const reference = referenceOf(standing);
    expect(pushed(standing, activate)).toMatchObject({
      entries: ['contract.pushed', 'contract.activated'],
      body: { status: 'active', contract_version_id: reference.contract_version_id },
      row: { active_version_id: reference.contract_version_id },
      capability: { version_id: reference.contract_version_id, digest: reference.digest, version_seq: 41 },
    });
  });

  test('is known by its document: again is an answer, and no entry', () => {
    expect(pushed(standing, activate, olga, inForce(standing))).toMatchObject({
      answer: 'ok',
      entries: [],
      body: { status: 'active', version_number: 1 },
    });
  });

  test('that is staged already can come into force by pushing it again', () => {
    const world = pushed(standing).world;
    const request = pushContractSchema.parse({
      schema_version: 'synapsor.cloud-contract-push.v0.1',
      contract: standing,
      activate: true,
    });
    const again = pushContract(world, { type: 'push-contract', request }, olga, NOW);
    expect(gist(again)).toEqual({ answer: 'ok', entries: ['contract.activated'] });
  });

  test('is compared with the one in force', () => {
    expect(pushed(wider, {}, olga, inForce(standing)).body).toMatchObject({
      version_number: 2,
      version: {
        risk_increasing: true,
        compared_with: referenceOf(standing).contract_version_id,
        semantic_diff: { changes: [expect.anything()] },
      },
    });
    expect(pushed(narrower, {}, olga, inForce(standing)).body).toMatchObject({
      version: { risk_increasing: false },
    });
  });

  test('leaves what is in force as it is while it is only staged', () => {
    const { row, capability: row2 } = pushed(wider, {}, olga, inForce(standing));
    const { contract_version_id } = referenceOf(standing);
    expect([row?.active_version_id, row2?.version_id, row2?.version_seq]).toEqual([
      contract_version_id,
      contract_version_id,
      PUSHED,
    ]);
  });
});

describe('a push is refused', () => {
  const nameless = { ...standing, metadata: { version: '1' } };
  const law = inForce(standing);

  test.each<[string, unknown, object, Identity, Partial<Rows>, string]>([
    ['of what is no contract', { kind: 'other' }, {}, olga, {}, 'contract_invalid'],
    ['of a contract without a name', nameless, {}, olga, {}, 'validation_failed'],
    ['of another than it says', standing, { local_digest: NO_DIGEST }, olga, {}, 'contract_digest_mismatch'],
    [
      'whole, where it permits more and nobody says why',
      wider,
      activate,
      olga,
      law,
      'agent_contract_activation_reason_required',
    ],
  ])('%s', (_name, contract, changes, identity, rows, answer) => {
    expect(pushed(contract, changes, identity, rows)).toMatchObject({ answer, entries: [] });
  });

  test('with where the document is wrong', () => {
    const broken = { ...standing, capabilities: [{ ...capability(), name: 7 }] };
    const outcome = pushContract(
      worldOf(),
      {
        type: 'push-contract',
        request: pushContractSchema.parse({
          schema_version: 'synapsor.cloud-contract-push.v0.1',
          contract: broken,
        }),
      },
      olga,
      NOW,
    );
    const errors = outcome.reply.ok ? [] : (outcome.reply.refusal.errors ?? []);
    expect(errors.map(({ path }) => path)).toContain('$.capabilities[0].name');
  });
});

test('a name that is given counts before the document’s own', () => {
  const { body } = pushed(standing, { name: 'another' });
  expect(body?.contract_id).not.toBe(CONTRACT_ID);
  expect(body).toMatchObject({ contract: { name: 'another' } });
});
