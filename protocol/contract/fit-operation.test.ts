import { describe, expect, test } from 'vitest';
import { afterDigest, beforeDigest } from '../change-set/frozen-set.ts';
import {
  freeze,
  sampleCompensation,
  sampleDelete,
  sampleInsert,
  sampleMember,
  sampleSet,
  sampleUpdate,
} from '../change-set/sample-change-sets.ts';
import { changeSetSchema } from '../change-set.ts';
import { changeAt } from './change-at.ts';
import { checkFit } from './check-fit.ts';
import { contractDigest } from './contract-digest.ts';
import { parseContract } from './parse-contract.ts';
import { parcelsContract } from './sample-parcels.ts';

type Fields = Readonly<Record<string, unknown>>;

const ID = `wrp_${'a1'.repeat(10)}`;
const FORWARD = { proposal_id: `wrp_${'b2'.repeat(10)}`, receipt: `sha256:${'f'.repeat(64)}` };
const contract = parcelsContract();
const digest = contractDigest(contract);

const update = sampleUpdate(ID);
const insert = sampleInsert(ID, { action: 'shipping.add_parcel' });
const named = (fields: Fields, action: string, object_id: string): Fields => ({
  ...fields,
  action,
  scope: { ...Object(fields.scope), object_id },
});
const samples: Readonly<Record<string, Fields>> = {
  'shipping.propose_fee_change': update,
  'shipping.add_parcel': named(insert, 'shipping.add_parcel', ID),
  'shipping.remove_parcel': named(sampleDelete(ID), 'shipping.remove_parcel', 'P-1'),
  'shipping.waive_fees': named(sampleSet(ID, 'set_update'), 'shipping.waive_fees', 'set-1'),
  'shipping.clear_parcels': named(sampleSet(ID, 'set_delete'), 'shipping.clear_parcels', 'set-1'),
  'shipping.add_parcels': named(sampleSet(ID, 'batch_insert'), 'shipping.add_parcels', 'set-1'),
};

function refusalTo(fields: Fields | undefined, changes: Fields = {}) {
  const changed = Object.entries(changes).reduce<unknown>(
    (soFar, [path, value]) => changeAt(soFar, path, value),
    { ...fields, contract: { digest, version: '1.0.0' } },
  );
  return checkFit(contract, { digest }, changeSetSchema.parse(changed));
}

test('the sample is a valid contract', () => {
  expect(parseContract(contract)).toMatchObject({ ok: true });
});

describe('the operation of a capability', () => {
  test.each(Object.entries(samples))('%s fits', (_, fields) => {
    expect(refusalTo(fields)).toBeUndefined();
  });

  test('is the only one that it allows', () => {
    for (const [action, own] of Object.entries(samples)) {
      for (const [other, fields] of Object.entries(samples)) {
        if (other === action) continue;
        const refusal = refusalTo({ ...fields, action });
        expect(refusal, `${other} by ${action}`).toMatchObject({ code: 'outside_contract' });
      }
      expect(refusalTo(own)).toBeUndefined();
    }
  });

  test('may be taken back where the contract says so', () => {
    const reverting = sampleCompensation(ID, FORWARD);
    expect(refusalTo(reverting)).toBeUndefined();
    expect(refusalTo({ ...reverting, action: 'shipping.add_parcel' })?.message).toContain('restore_update');
    expect(refusalTo({ ...reverting, action: 'shipping.remove_parcel' })?.code).toBe('outside_contract');
    expect(refusalTo({ ...reverting, action: 'shipping.waive_fees' })?.next).toContain('cardinality: set');
  });
});

test('only what may be taken back asks to be', () => {
  const ids = { root_proposal_id: ID, parent_proposal_id: ID, reverts_proposal_id: ID };
  const reversibility = { mode: 'reviewed_inverse', lineage: { ...ids, depth: 1 } };
  expect(refusalTo({ ...update, reversibility })).toBeUndefined();
  expect(refusalTo({ ...samples['shipping.remove_parcel'], reversibility })?.next).toBe('no reversibility');
  expect(refusalTo({ ...samples['shipping.add_parcels'], reversibility })?.next).toBe('no reversibility');
});

describe('what differs from what was reviewed', () => {
  const members = (operation: 'set_update' | 'batch_insert', changes: Fields) => {
    const member = { ...sampleMember(operation, 'P-1'), ...changes };
    return named(
      sampleSet(ID, operation, freeze(operation, [member])),
      operation === 'set_update' ? 'shipping.waive_fees' : 'shipping.add_parcels',
      'set-1',
    );
  };
  const frozen = freeze('set_update', [sampleMember('set_update', 'P-1')]);

  test.each<[string, Fields, Fields, string]>([
    [
      'no move of the version',
      update,
      { 'guards.version_advance': undefined, 'after.version': 7 },
      'guards.version_advance.column: version',
    ],
    [
      'a value beyond its bound',
      update,
      { 'patch.fee_cents': 9_001, 'after.fee_cents': 9_001 },
      'at most 9000',
    ],
    [
      'a column that nobody sees',
      update,
      { 'before.customs_note': 'x', 'after.customs_note': 'x' },
      'only id',
    ],
    [
      'another name of a new row',
      samples['shipping.add_parcel'] ?? {},
      { 'scope.object_id': 'P-9' },
      `scope.object_id: ${ID}`,
    ],
    [
      'a value that an insert may not have',
      samples['shipping.add_parcel'] ?? {},
      { 'patch.state': 'gone', 'after.state': 'gone' },
      'state: one of',
    ],
    [
      'another guard of a delete',
      samples['shipping.remove_parcel'] ?? {},
      { 'guards.expected_version.column': 'rev' },
      'guards.expected_version.column: version',
    ],
    [
      'more rows than are allowed',
      samples['shipping.waive_fees'] ?? {},
      { 'frozen_set.max_rows': 99 },
      'frozen_set.max_rows: 100',
    ],
    [
      'a wider sum',
      named(
        sampleSet(ID, 'set_update', freeze('set_update', frozen.members, 2_000_000)),
        'shipping.waive_fees',
        's',
      ),
      {},
      'maximum: 1000000',
    ],
  ])('%s is refused', (_, fields, changes, next) => {
    const refusal = refusalTo(fields, changes);
    expect(refusal?.next).toContain(next);
  });

  test('a row outside of the selection is refused', () => {
    const one = sampleMember('set_update', 'P-1');
    const before = { ...one.before, state: 'new' };
    const other = { ...one, before, after: { ...one.after, state: 'new' } };
    const fields = named(
      sampleSet(ID, 'set_update', freeze('set_update', [redigested(other)])),
      'shipping.waive_fees',
      's',
    );
    expect(refusalTo(fields)?.message).toContain('is not of the rows that the contract selects');
  });

  test('an item that the list could not have had is refused', () => {
    const inserted = sampleMember('batch_insert', 'P-1');
    const dear = redigested({ ...inserted, after: { ...inserted.after, fee_cents: 9_001 } });
    expect(refusalTo(members('batch_insert', dear))?.code).toBe('bound_exceeded');
  });
});

function redigested(member: ReturnType<typeof sampleMember>) {
  const { before_digest, after_digest, ...rest } = member;
  return {
    ...rest,
    ...(before_digest === undefined ? {} : { before_digest: beforeDigest(member) }),
    ...(after_digest === undefined ? {} : { after_digest: afterDigest(member) }),
  };
}
