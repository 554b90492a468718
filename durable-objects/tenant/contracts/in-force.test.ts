import { describe, expect, test } from 'vitest';
import {
  CAPABILITY,
  capability,
  capabilityRow,
  contractOf,
  inForce,
  PUSHED,
  pushedBody,
  REFERENCE,
} from '../test-contract.ts';
import { head, keyed, proposalRow, submissionOf, TENANT, worldOf } from '../test-support.ts';
import { noNeeds } from '../turn/needs.ts';
import { noRows } from '../turn/rows.ts';
import { World } from '../turn/world.ts';
import { documentOf, findInForce } from './in-force.ts';

/** A document that no other test has: they are kept by their digest. */
const unread = (version: string) => contractOf(capability(), { metadata: { name: 'billing', version } });

describe('a capability', () => {
  test('is what the version in force says', () => {
    const found = findInForce(worldOf(inForce()), CAPABILITY);
    expect(found).toMatchObject({
      ok: true,
      inForce: {
        reference: REFERENCE,
        label: '1.0.0',
        capability: { name: CAPABILITY },
        context: { name: 'desk' },
        subject: { table: 'invoices', primary_key: 'id', tenant_key: 'tenant_id' },
      },
    });
  });

  const row = capabilityRow(contractOf());
  const retired = { ...row, version_id: null, digest: null, label: null, version_seq: null };

  test.each([
    ['that nobody has ever pushed', keyed({})],
    ['that the version in force does not have any more', keyed({ capabilities: [retired] })],
  ])('%s is not known', (_name, tables) => {
    const found = findInForce(worldOf({ ...inForce(), keyed: tables }), CAPABILITY);
    expect(found).toMatchObject({ ok: false, refusal: { code: 'capability_unknown' } });
  });

  test('whose rows no tenant fences off is not one that can be proposed', () => {
    const contract = contractOf(capability({ subject: { resource: 'nowhere' } }));
    expect(findInForce(worldOf(inForce(contract)), CAPABILITY)).toMatchObject({
      ok: false,
      refusal: { code: 'capability_unknown' },
    });
  });
});

describe('the document of a version', () => {
  const reading = (contract: ReturnType<typeof contractOf>, bodies = inForce(contract).bodies) =>
    new World(TENANT, { ...noRows(), head, bodies }, noNeeds());

  test('lacks until it has been read', () => {
    const contract = unread('lacking');
    const { digest } = pushedBody(contract);
    const world = reading(contract, []);
    expect(documentOf(world, PUSHED, digest)).toBeUndefined();
    expect(world.lacks.bodies).toEqual(new Set([PUSHED]));
  });

  test('need not be read again, whoever asks for it', () => {
    const contract = unread('kept');
    const { digest } = pushedBody(contract);
    expect(documentOf(reading(contract), PUSHED, digest)).toEqual(contract);
    const later = reading(contract, []);
    expect(documentOf(later, PUSHED, digest)).toEqual(contract);
    expect(later.lacks.bodies.size).toBe(0);
  });

  test('is no other entry’s body', () => {
    const contract = unread('other');
    const submission = [{ seq: PUSHED, body: submissionOf(proposalRow()) }];
    expect(documentOf(reading(contract, submission), PUSHED, 'sha256:other')).toBeUndefined();
  });
});
