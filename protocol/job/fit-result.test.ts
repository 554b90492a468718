import { describe, expect, test } from 'vitest';
import {
  sampleCompensation,
  sampleDelete,
  sampleInsert,
  sampleMember,
  sampleSet,
  sampleUpdate,
} from '../change-set/sample-change-sets.ts';
import { changeSetSchema } from '../change-set.ts';
import { resultRequestSchema } from '../job-requests.ts';
import { resultFault } from './fit-result.ts';

type Fields = Readonly<Record<string, unknown>>;

const ID = `wrp_${'a1'.repeat(10)}`;
const FORWARD = { proposal_id: `wrp_${'b2'.repeat(10)}`, receipt: `sha256:${'f'.repeat(64)}` };
const DIGEST = `sha256:${'d'.repeat(64)}`;
const key = (value: string) => ({ column: 'id', value });

const reported = {
  job_id: `wbj_${ID}`,
  runner_id: 'runner-1',
  lease_id: 'lse_1',
  status: 'applied',
  receipt_authority: 'source_db',
  result_hash: DIGEST,
  completed_at: '2026-01-01T00:00:00Z',
};
const one = { ...reported, protocol_version: '2.0', affected_rows: 1, target_identity: [key('P-1')] };
const members = [sampleMember('set_update', 'P-1'), sampleMember('set_update', 'P-2')];
const set = sampleSet(ID, 'set_update');
const many = {
  ...reported,
  protocol_version: '3.0',
  operation: 'set_update',
  affected_rows: 2,
  target_identities: members.map(({ primary_key }) => primary_key),
  set_digest: Object(set.frozen_set).set_digest,
  member_effects: members.map(({ primary_key, before_digest, after_digest }) => ({
    primary_key,
    before_digest,
    after_digest,
  })),
};
const back = {
  ...reported,
  protocol_version: '4.0',
  operation: 'restore_update',
  affected_rows: 1,
  target_identities: [key('P-1')],
  member_effects: [],
};

function faultOf(changeSet: Fields, result: Fields): string | undefined {
  return resultFault(changeSetSchema.parse(changeSet), resultRequestSchema.parse(result));
}

describe('the result of a job', () => {
  test.each<[string, Fields, Fields]>([
    ['an update', sampleUpdate(ID), { ...one, operation: 'single_row_update', result_version: '8' }],
    ['an insert', sampleInsert(ID), { ...one, operation: 'single_row_insert', target_identity: [key(ID)] }],
    ['a delete', sampleDelete(ID), { ...one, operation: 'single_row_delete', tombstone_digest: DIGEST }],
    ['a set', set, many],
    [
      'a set that was written before',
      set,
      { ...many, status: 'already_applied', affected_rows: 0, member_effects: [] },
    ],
    [
      'a set that drifted',
      set,
      { ...many, status: 'conflict', affected_rows: 0, member_effects: [], error_code: 'SET_DRIFT_CONFLICT' },
    ],
    ['a compensation', sampleCompensation(ID, FORWARD), back],
    ['an outcome that nobody knows', set, { ...many, status: 'reconciliation_required', intent_id: 'int_1' }],
  ])('of %s fits', (_, changeSet, result) => {
    expect(faultOf(changeSet, result)).toBeUndefined();
  });

  test.each<[string, Fields, Fields, string]>([
    ['another version', sampleUpdate(ID), many, 'version 2.0'],
    ['another operation', sampleUpdate(ID), { ...one, operation: 'single_row_delete' }, 'single_row_update'],
    [
      'another row',
      sampleUpdate(ID),
      { ...one, operation: 'single_row_update', target_identity: [key('P-2')] },
      'target_identity',
    ],
    [
      'no row, though it is applied',
      sampleUpdate(ID),
      { ...one, operation: 'single_row_update', affected_rows: 0 },
      'affects 1',
    ],
    [
      'a row, though it conflicts',
      sampleUpdate(ID),
      { ...one, operation: 'single_row_update', status: 'conflict' },
      'affects 0',
    ],
    [
      'a row that is gone, of an update',
      sampleUpdate(ID),
      { ...one, operation: 'single_row_update', tombstone_digest: DIGEST },
      'no such digest',
    ],
    ['another digest of the set', set, { ...many, set_digest: DIGEST }, 'another digest'],
    ['half of the set', set, { ...many, affected_rows: 1 }, 'affects 2'],
    [
      'a row beyond the set',
      set,
      { ...many, target_identities: [key('P-1'), key('P-9')] },
      'not of the change',
    ],
    ['a row twice', set, { ...many, target_identities: [key('P-1'), key('P-1')] }, 'twice'],
    ['a row that is not told', set, { ...many, target_identities: [key('P-1')] }, 'lacks a row'],
    [
      'an effect that is not told',
      set,
      { ...many, member_effects: many.member_effects.slice(1) },
      'lacks a row',
    ],
    [
      'an effect beyond the set',
      set,
      { ...many, status: 'conflict', affected_rows: 0, member_effects: [{ primary_key: key('P-9') }] },
      'not of the change',
    ],
    [
      'another effect',
      set,
      { ...many, member_effects: many.member_effects.map((effect) => ({ ...effect, after_digest: DIGEST })) },
      'digest',
    ],
    [
      'an effect without digests',
      set,
      { ...many, member_effects: members.map(({ primary_key }) => ({ primary_key })) },
      'digest',
    ],
    [
      'another row that is taken back',
      sampleCompensation(ID, FORWARD),
      { ...back, target_identities: [key('P-2')] },
      'not of the change',
    ],
    [
      'another way back',
      sampleCompensation(ID, FORWARD),
      { ...back, operation: 'remove_insert' },
      'restore_update',
    ],
  ])('with %s does not fit', (_, changeSet, result, why) => {
    expect(faultOf(changeSet, result)).toContain(why);
  });

  test('of a new row whose key the database makes may tell it', () => {
    const apart = [
      { column: 'request_id', value: ID, source: 'proposal_id' },
      { column: 'tenant_id', value: 'acme', source: 'trusted_tenant' },
    ];
    const sample = sampleInsert(ID);
    const insert = {
      ...sample,
      source: { ...Object(sample.source), primary_key: { column: 'id' } },
      after: { fee_cents: 250, state: 'new', request_id: ID, tenant_id: 'acme' },
      guards: { ...Object(sample.guards), deduplication: { components: apart } },
    };
    const result = { ...one, operation: 'single_row_insert', target_identity: [key('17')] };
    expect(faultOf(insert, result)).toBeUndefined();
    const other = { ...result, target_identity: [key('17'), { column: 'request_id', value: 'wrp_other' }] };
    expect(faultOf(insert, other)).toContain('target_identity');
  });
});
