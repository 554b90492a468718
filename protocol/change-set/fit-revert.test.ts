import { describe, expect, test } from 'vitest';
import { changeSetSchema } from '../change-set.ts';
import { compensationSchema } from './compensation.ts';
import { revertFault } from './fit-revert.ts';
import { inverseOf } from './inverse-of.ts';
import { sampleCompensation, sampleInsert, sampleSet, sampleUpdate } from './sample-change-sets.ts';

type Fields = Readonly<Record<string, unknown>>;

const ID = `wrp_${'a1'.repeat(10)}`;
const BACK = `wrp_${'b2'.repeat(10)}`;
const lineage = { root_proposal_id: ID, parent_proposal_id: ID, reverts_proposal_id: ID, depth: 1 };
const reversibility = { mode: 'reviewed_inverse', lineage };
const forward = { proposal_id: ID, receipt: `sha256:${'f'.repeat(64)}` };

/** The compensation that a runner makes of what it was asked to keep. */
function reverting(fields: Fields) {
  const changeSet = changeSetSchema.parse(fields);
  if (!('operation' in changeSet)) throw new Error('only these are taken back');
  const inverse = inverseOf(changeSet, `wbj_${ID}`);
  const [member, second] = inverse?.members ?? [];
  const key = second === undefined ? { value: member?.primary_key.value } : {};
  const { allowed_columns } = changeSet.guards;
  return compensationSchema.parse({
    ...sampleCompensation(BACK, forward),
    scope: changeSet.scope,
    source: { ...changeSet.source, primary_key: { column: 'id', ...key } },
    guards: { tenant: changeSet.guards.tenant, allowed_columns },
    before: {},
    patch: {},
    after: {},
    compensation: { descriptor: inverse, forward_receipt_hash: forward.receipt },
  });
}

describe('what takes a change back', () => {
  test.each<[string, Fields]>([
    ['an update', sampleUpdate(ID, { reversibility })],
    ['an insert', sampleInsert(ID, { reversibility })],
    ['a set that is updated', sampleSet(ID, 'set_update', undefined, { reversibility })],
    ['a set that is inserted', sampleSet(ID, 'batch_insert', undefined, { reversibility })],
  ])('is, for %s, what a runner keeps of it', (_, fields) => {
    expect(revertFault(reverting(fields), changeSetSchema.parse(fields))).toBeUndefined();
  });

  const key = { column: 'id', value: 'P-1' };
  const expected_state = { fee_cents: 0, state: 'held', version: 8 };
  test.each<[string, Fields, string]>([
    [
      'another value than before',
      { members: [{ primary_key: key, expected_state, restore_values: { fee_cents: 1 } }] },
      'sets a row',
    ],
    [
      'another row than was left',
      {
        members: [
          {
            primary_key: key,
            expected_state: { ...expected_state, state: 'x' },
            restore_values: { fee_cents: 900 },
          },
        ],
      },
      'expects a row',
    ],
    [
      'a column that nobody saw',
      {
        allowed_columns: ['fee_cents', 'note'],
        members: [{ primary_key: key, expected_state, restore_values: { note: 'x' } }],
      },
      'sets a row',
    ],
  ])('does not set %s', (_, descriptor, why) => {
    const guards = {
      tenant: { column: 'tenant_id', value: 'acme' },
      allowed_columns: Object(descriptor).allowed_columns ?? ['fee_cents', 'state'],
    };
    const changes = { before: {}, patch: {}, after: {}, guards };
    const made = compensationSchema.parse(sampleCompensation(BACK, forward, changes, descriptor));
    expect(revertFault(made, changeSetSchema.parse(sampleUpdate(ID)))).toContain(why);
  });

  test('is of the same table, tenant and rows, and of its kind', () => {
    const made = compensationSchema.parse(sampleCompensation(BACK, forward));
    const against = (fields: Fields) => revertFault(made, changeSetSchema.parse(fields));
    const update = sampleUpdate(ID);
    expect(against({ ...update, source: { ...Object(update.source), table: 'users' } })).toContain('table');
    const other = { tenant_id: 'other', business_object: 'parcels', object_id: 'P-1' };
    const guards = { ...Object(update.guards), tenant: { column: 'tenant_id', value: 'other' } };
    const moved = { ...Object(update.before), tenant_id: 'other' };
    const after = { ...Object(update.after), tenant_id: 'other' };
    expect(against({ ...update, scope: other, guards, before: moved, after })).toContain('tenant');
    expect(against(sampleSet(ID, 'set_update'))).toContain('other rows');
  });
});
