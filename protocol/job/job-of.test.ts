import { describe, expect, test } from 'vitest';
import { digest } from '../canonical-json.ts';
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
import { claimedJobSchema } from './claimed-job.ts';
import { jobOf } from './job-of.ts';
import { sampleLeased } from './sample-leased.ts';

type Fields = Readonly<Record<string, unknown>>;

const ID = `wrp_${'a1'.repeat(10)}`;
const FORWARD = { proposal_id: `wrp_${'b2'.repeat(10)}`, receipt: `sha256:${'f'.repeat(64)}` };
const lineage = { root_proposal_id: ID, parent_proposal_id: ID, reverts_proposal_id: ID, depth: 1 };
const reversible = { reversibility: { mode: 'reviewed_inverse', lineage } };

function job(fields: Fields) {
  const changeSet = changeSetSchema.parse(fields);
  return jobOf(changeSet, sampleLeased(changeSet));
}

const forms: readonly [string, Fields, string][] = [
  ['single_row_update', sampleUpdate(ID), '2.0'],
  ['single_row_insert', sampleInsert(ID), '2.0'],
  ['single_row_delete', sampleDelete(ID), '2.0'],
  ['set_update', sampleSet(ID, 'set_update'), '3.0'],
  ['set_delete', sampleSet(ID, 'set_delete'), '3.0'],
  ['batch_insert', sampleSet(ID, 'batch_insert'), '3.0'],
  ['restore_update', sampleCompensation(ID, FORWARD), '4.0'],
];

describe('the job of a change', () => {
  test.each(forms)(
    '%s passes as it is made, and carries both forms of the lease',
    (operation, fields, version) => {
      const made = job(fields);
      expect(claimedJobSchema.parse(made)).toEqual(made);
      expect(made).toMatchObject({
        protocol_version: version,
        operation,
        job_id: `wbj_${ID}`,
        source_id: 'main_db',
        contract: { contract_id: 'act_1' },
        lease: { lease_id: 'lse_1', attempt: 1 },
        lease_id: 'lse_1',
        attempt_count: 1,
      });
    },
  );

  test.each(forms)('%s with a field that is not known is refused', (_, fields) => {
    expect(claimedJobSchema.safeParse({ ...job(fields), colour: 'red' }).success).toBe(false);
  });

  test('goes out with the freshness and the principal that it came with, word for word', () => {
    const content = {
      schema_version: 'synapsor.freshness-authority.v1',
      required: true,
      target: { mode: 'exact_guard', member_count: 1 },
      dependencies: [],
    };
    const freshness = { ...content, dependency_set_digest: digest(content) };
    const principal_scope = {
      schema_version: 'synapsor.principal-scope.v1',
      column: 'owner_id',
      binding: 'user_id',
      provider: 'environment',
      value_fingerprint: digest('u-1'),
    };
    const sample = sampleUpdate(ID, { freshness });
    const made = job({ ...sample, guards: { ...Object(sample.guards), principal_scope } });
    expect(claimedJobSchema.parse(made)).toMatchObject({ freshness, target: { principal_scope } });
  });

  test('a set goes out as it was frozen', () => {
    const frozen_set = freeze('set_update', [sampleMember('set_update', 'P-1')]);
    expect(job(sampleSet(ID, 'set_update', frozen_set))).toMatchObject({ frozen_set });
  });

  test.each<[string, Fields, Fields]>([
    ['an update with deduplication', sampleUpdate(ID), { deduplication: { components: [] } }],
    ['an update without a version', sampleUpdate(ID), { conflict_guard: { kind: 'none' } }],
    ['an update of a column beyond', sampleUpdate(ID), { patch: { secret: 1 } }],
    ['an update of the key', sampleUpdate(ID), { allowed_columns: ['id', 'fee_cents'] }],
    [
      'an insert with a version',
      sampleInsert(ID),
      { conflict_guard: { kind: 'version_column', column: 'version', expected_value: 1 } },
    ],
    ['an insert of another proposal', sampleInsert(ID), { proposal_id: 'wrp_other' }],
    ['a delete that sets something', sampleDelete(ID), { patch: { state: 'x' } }],
    ['a set of another operation', sampleSet(ID, 'set_update'), { operation: 'set_delete' }],
    [
      'a set for another tenant',
      sampleSet(ID, 'set_delete'),
      {
        target: {
          schema: 'public',
          table: 'parcels',
          primary_key: { column: 'id' },
          tenant_guard: { column: 'tenant_id', value: 'x' },
        },
      },
    ],
    ['a set with another patch', sampleSet(ID, 'set_update'), { patch: { fee_cents: 1 } }],
    ['a compensation of another operation', sampleCompensation(ID, FORWARD), { operation: 'remove_insert' }],
    ['a compensation in another source', sampleCompensation(ID, FORWARD), { source_id: 'other' }],
    ['a compensation of other columns', sampleCompensation(ID, FORWARD), { allowed_columns: ['fee_cents'] }],
  ])('%s is refused', (_, fields, changes) => {
    expect(claimedJobSchema.safeParse({ ...job(fields), ...changes }).success).toBe(false);
  });
});

describe('what a runner is asked to keep', () => {
  const captureOf = (fields: Fields) => {
    const made = job({ ...fields, ...reversible });
    expect(claimedJobSchema.parse(made)).toEqual(made);
    return 'inverse_capture' in made ? made.inverse_capture : undefined;
  };

  test('is nothing where the change does not ask for it', () => {
    expect(job(sampleUpdate(ID))).not.toHaveProperty('inverse_capture');
  });

  test('of an update: the row as it is left, and as it was', () => {
    expect(captureOf(sampleUpdate(ID))).toMatchObject({
      availability: 'available',
      operation: 'restore_update',
      forward_proposal_id: ID,
      members: [
        {
          primary_key: { column: 'id', value: 'P-1' },
          expected_state: { fee_cents: 0, state: 'held', version: 8 },
          restore_values: { fee_cents: 900, state: 'held' },
        },
      ],
    });
  });

  test('of an insert: the row, to be removed as it was made', () => {
    expect(captureOf(sampleInsert(ID))).toMatchObject({
      operation: 'remove_insert',
      members: [{ expected_state: { id: ID, tenant_id: 'acme', fee_cents: 250, state: 'new' } }],
    });
  });

  test('of a set: every member', () => {
    expect(captureOf(sampleSet(ID, 'batch_insert'))).toMatchObject({
      cardinality: 'set',
      members: [{ primary_key: { value: 'P-1' } }, { primary_key: { value: 'P-2' } }],
    });
  });

  test('of a delete: that it cannot be taken back', () => {
    for (const fields of [sampleDelete(ID), sampleSet(ID, 'set_delete')])
      expect(captureOf(fields)).toMatchObject({ availability: 'best_effort_unavailable' });
  });
});
