import {
  freeze,
  sampleCompensation,
  sampleDelete,
  sampleInsert,
  sampleMember,
  sampleSet,
  sampleUpdate,
} from '@countersign/protocol/change-set/sample-change-sets';
import { contractDigest } from '@countersign/protocol/contract/contract-digest';
import { parcelsContract } from '@countersign/protocol/contract/sample-parcels';
import { beforeAll, describe, expect, test } from 'vitest';
import { proposal, SOURCE } from '../../support/change-set.ts';
import { pushRequest } from '../../support/contract.ts';
import { type ReadJob, readClaimed, resultOf } from '../../support/existing-worker.ts';
import { expectProblem } from '../../support/expect-problem.ts';
import { approve, claimOne, entryTypes, read } from '../../support/flow.ts';
import { must } from '../../support/must.ts';
import { type SharedPlane, sharedPlane } from '../../support/shared-planes.ts';
import type { TestTenant } from '../../support/tenant.ts';

/** An existing runner proposes, claims and reports what is no update of one row; its parsers are written by hand. */

type Fields = Readonly<Record<string, unknown>>;

let plane: SharedPlane;
let tenant: TestTenant;
let contract: Fields;
const digest = contractDigest(parcelsContract());

beforeAll(async () => {
  plane = await sharedPlane();
  tenant = await plane.tenant();
  const path = `/v1/control/projects/${tenant.project}/agent-contracts`;
  const pushed = must(await tenant.olivia.post(path, pushRequest(parcelsContract()))).body;
  const { contract_id, contract_version_id } = pushed;
  contract = { contract_id, contract_version_id, digest };
}, 60_000);

let made = 0;
/** An id as runners make them. */
function newId(): string {
  made += 1;
  return `wrp_${made.toString(16).padStart(20, '0')}`;
}

const named = (fields: Fields, action: string, object_id = 'P-1'): Fields => ({
  ...fields,
  action,
  contract: { digest, version: '1.0.0' },
  scope: { ...Object(fields.scope), object_id },
});
const change = {
  update: (id: string, changes: Fields = {}) =>
    named(sampleUpdate(id, changes), 'shipping.propose_fee_change'),
  insert: (id: string) => named(sampleInsert(id), 'shipping.add_parcel', id),
  remove: (id: string) => named(sampleDelete(id), 'shipping.remove_parcel'),
  updateSet: (id: string) => named(sampleSet(id, 'set_update'), 'shipping.waive_fees', 'set-1'),
  removeSet: (id: string) => named(sampleSet(id, 'set_delete'), 'shipping.clear_parcels', 'set-1'),
  insertSet: (id: string) => named(sampleSet(id, 'batch_insert'), 'shipping.add_parcels', 'set-1'),
};

const submit = (changeSet: Fields) =>
  tenant.runner.post('/v1/runner/proposals', {
    schema_version: 'synapsor.runner-proposal.v1',
    runner_id: 'runner-1',
    source_id: SOURCE,
    contract,
    change_set: changeSet,
    evidence_metadata: { payload_uploaded: false },
    query_audit: { payload_uploaded: false },
  });

const reportRaw = (job: ReadJob, result: Fields) =>
  tenant.runner.post(`/v1/writeback/jobs/${job.jobId}/result`, result);

/** Submitted, approved and leased; as an existing worker reads it. */
async function lease(changeSet: Fields): Promise<ReadJob> {
  const { body } = must(await submit(changeSet));
  expect(body.status).toBe('pending_review');
  await approve(tenant.ada, String(body.proposal_id));
  return readClaimed(await claimOne(tenant.runner));
}

describe.each<[string, string, (id: string) => Fields]>([
  ['single_row_update', '2.0', change.update],
  ['single_row_insert', '2.0', change.insert],
  ['single_row_delete', '2.0', change.remove],
  ['set_update', '3.0', change.updateSet],
  ['set_delete', '3.0', change.removeSet],
  ['batch_insert', '3.0', change.insertSet],
])('a %s', (operation, version, changeOf) => {
  test('goes out as its job, is reported, and ends in the ledger', async () => {
    const id = newId();
    const changeSet = changeOf(id);
    const job = await lease(changeSet);
    expect(job).toMatchObject({ version, operation, jobId: `wbj_${id}` });
    expect(job.job).toMatchObject({
      approval_id: Object(changeSet.integrity).proposal_hash,
      source_id: 'main_db',
      contract,
    });
    if (changeSet.frozen_set !== undefined) expect(job.job.frozen_set).toEqual(changeSet.frozen_set);
    const result = resultOf(job);
    must(await reportRaw(job, result));
    // The answer may be lost, and the same result comes again.
    must(await reportRaw(job, result));
    const whole = await read(tenant.olivia, id);
    expect(whole).toMatchObject({ status: 'applied', operation, change_set: changeSet });
    expect(whole.result).toMatchObject({
      status: 'applied',
      receipt_id: result.result_hash,
      discrepancy: null,
    });
    expect(await entryTypes(tenant, id)).toEqual([
      'proposal.submitted',
      'proposal.approved',
      'job.leased',
      'writeback.result',
    ]);
    const { entries } = must(await tenant.olivia.get(`/v1/proposals/${id}/replay`)).body;
    expect(entries?.at(-1)?.body).toMatchObject({ effects: { operation } });
  });

  test('is shown whole to whoever lists writebacks', async () => {
    const id = newId();
    const changeSet = changeOf(id);
    must(await submit(changeSet));
    const path = `/v1/control/external-writebacks/proposals?source_id=${SOURCE}&limit=100`;
    const { proposals } = must(await tenant.service.get(path)).body;
    const item = proposals?.find(({ proposal_id }) => proposal_id === id);
    expect(item).toMatchObject({
      operation,
      status: 'pending_review',
      source_database_mutated: false,
      contract_digest: digest,
      evidence_metadata: { payload_uploaded: false },
      query_audit: { payload_uploaded: false },
      conflict: { kind: expect.any(String) },
      ...(changeSet.frozen_set === undefined ? {} : { frozen_set: changeSet.frozen_set }),
    });
    must(await tenant.ada.post(`/v1/proposals/${id}/reject`, { reason: 'a test' }));
  });

  test('that was submitted again is the same', async () => {
    const id = newId();
    const first = must(await submit(changeOf(id))).body;
    expect(must(await submit(changeOf(id))).body.effect_digest).toBe(first.effect_digest);
    must(await tenant.ada.post(`/v1/proposals/${id}/reject`, { reason: 'a test' }));
  });

  test('that another attempt wrote is applied', async () => {
    const job = await lease(changeOf(newId()));
    const none = version === '3.0' ? { member_effects: [] } : {};
    must(await reportRaw(job, resultOf(job, { status: 'already_applied', affected_rows: 0, ...none })));
    const whole = await read(tenant.olivia, String(job.job.proposal_id));
    expect(whole).toMatchObject({ status: 'applied', result: { status: 'already_applied' } });
  });

  test('of which nobody can tell waits for a person', async () => {
    const job = await lease(changeOf(newId()));
    const none = version === '3.0' ? { member_effects: [] } : {};
    const unknown = { status: 'reconciliation_required', affected_rows: 0, intent_id: 'int_1', ...none };
    must(await reportRaw(job, resultOf(job, unknown)));
    expect((await read(tenant.olivia, String(job.job.proposal_id))).status).toBe('indeterminate');
  });
});

describe('what is refused', () => {
  const rows = (count: number) =>
    Array.from({ length: count }, (_, index) => sampleMember('set_update', `P-${1_000 + index}`));
  const set = (frozen: unknown) => ({ ...change.updateSet(newId()), frozen_set: frozen });
  const two = freeze('set_update', rows(2));
  const foreign = { ...sampleMember('set_update', 'P-1'), before: { ...row(), tenant_id: 'other' } };

  test.each<[string, () => Fields, string]>([
    ['a set that was widened', () => set({ ...two, members: rows(3) }), 'validation_failed'],
    [
      'a set of another digest',
      () => set({ ...two, set_digest: `sha256:${'0'.repeat(64)}` }),
      'validation_failed',
    ],
    [
      'a set of a hundred and one',
      () => ({
        ...named(
          sampleSet(newId(), 'set_update', freeze('set_update', rows(101))),
          'shipping.waive_fees',
          's',
        ),
      }),
      'validation_failed',
    ],
    ['a set with a row of another tenant', () => set(freeze('set_update', [foreign])), 'validation_failed'],
    [
      'a set beyond the contract’s sum',
      () => set(freeze('set_update', two.members, 2_000_000)),
      'outside_contract',
    ],
    [
      'the key among the allowed columns',
      () => guarded(change.update(newId()), { allowed_columns: ['fee_cents', 'id'] }),
      'protected_column',
    ],
    [
      'a delete where the contract has an update',
      () => ({ ...change.remove(newId()), action: 'shipping.propose_fee_change' }),
      'outside_contract',
    ],
    [
      'an insert where the contract has a delete',
      () => ({ ...change.insert(newId()), action: 'shipping.remove_parcel' }),
      'outside_contract',
    ],
    [
      'a set where the contract has one row',
      () => ({ ...change.updateSet(newId()), action: 'shipping.propose_fee_change' }),
      'outside_contract',
    ],
    [
      'a form that is not known',
      () => ({ ...change.update(newId()), schema_version: 'synapsor.change-set.v9' }),
      'change_set_unsupported',
    ],
    [
      'an operation that is not known',
      () => ({ ...change.update(newId()), operation: 'truncate' }),
      'validation_failed',
    ],
  ])('%s', async (_, changeSet, code) => {
    const answer = await submit(changeSet());
    expect(answer.body.error_code, answer.text).toBe(code);
  });

  test('by whichever way it comes: only a runner, which sees the rows, proposes more than an update of one', async () => {
    const request = proposal({ schema_version: 'synapsor.change-set.v2' });
    expectProblem(await tenant.service.post('/v1/proposals', request), 'change_set_unsupported');
    expectProblem(await tenant.agent.post('/v1/proposals', request), 'forbidden');
    const asked = { capability: 'shipping.remove_parcel', args: { parcel_id: 'P-1' } };
    expectProblem(await tenant.agent.post('/v1/proposals', asked), 'change_set_unsupported');
  });
});

function row() {
  return { id: 'P-1', tenant_id: 'acme', fee_cents: 900, state: 'held', version: 7 };
}

function guarded(changeSet: Fields, changes: Fields): Fields {
  return { ...changeSet, guards: { ...Object(changeSet.guards), ...changes } };
}

describe('a result that is not one of the job', () => {
  test.each<[string, Fields]>([
    ['half of the set', { affected_rows: 1 }],
    ['another set', { set_digest: `sha256:${'0'.repeat(64)}` }],
    [
      'a row beyond',
      {
        target_identities: [
          { column: 'id', value: 'P-1' },
          { column: 'id', value: 'P-9' },
        ],
      },
    ],
    ['another operation', { operation: 'set_delete' }],
  ])('because it tells of %s is refused and kept, and a person must look', async (_, changes) => {
    const job = await lease(change.updateSet(newId()));
    expectProblem(await reportRaw(job, resultOf(job, changes)), 'result_unfit');
    expectProblem(await reportRaw(job, resultOf(job, changes)), 'result_unfit');
    const id = String(job.job.proposal_id);
    expect((await entryTypes(tenant, id)).slice(-1)).toEqual(['writeback.discrepancy']);
    expect((await read(tenant.olivia, id)).status).toBe('indeterminate');
    // The truth may still come, and then counts.
    must(await reportRaw(job, resultOf(job)));
    expect((await read(tenant.olivia, id)).status).toBe('applied');
  });

  test('because it is of another version changes nothing where it wrote nothing', async () => {
    const job = await lease(change.update(newId()));
    const old = {
      protocol_version: '1.0',
      job_id: job.jobId,
      runner_id: 'runner-1',
      lease_id: job.leaseId,
      status: 'failed',
      error_code: 'LOCAL_AUTHORITY_REJECTED',
    };
    expectProblem(await reportRaw(job, old), 'result_unfit');
    expect((await read(tenant.olivia, String(job.job.proposal_id))).status).toBe('approved');
    must(await reportRaw(job, resultOf(job)));
  });
});

describe('a compensation', () => {
  const RECEIPT = `sha256:${'1'.repeat(64)}`;

  /** An update that was applied; what takes it back names its receipt. */
  async function applied(): Promise<{ proposal_id: string; receipt: string }> {
    const proposal_id = newId();
    const job = await lease(change.update(proposal_id));
    must(await reportRaw(job, resultOf(job)));
    return { proposal_id, receipt: RECEIPT };
  }

  const reverting = (forward: { proposal_id: string; receipt: string }, descriptor: Fields = {}) =>
    named(sampleCompensation(newId(), forward, {}, descriptor), 'shipping.propose_fee_change');

  test('takes an applied change back, as a change of its own that names it', async () => {
    const forward = await applied();
    const changeSet = reverting(forward);
    const job = await lease(changeSet);
    expect(job).toMatchObject({ version: '4.0', operation: 'restore_update' });
    expect(job.job).toMatchObject({
      forward_receipt_hash: RECEIPT,
      compensation: Object(changeSet.compensation).descriptor,
    });
    must(await reportRaw(job, resultOf(job)));
    expect(await read(tenant.olivia, String(changeSet.proposal_id))).toMatchObject({
      status: 'applied',
      operation: 'restore_update',
      lineage: { reverts_proposal_id: forward.proposal_id, depth: 1 },
    });
  });

  test('of what was never applied, or has another receipt, is refused', async () => {
    const open = newId();
    must(await submit(change.update(open)));
    expectProblem(await submit(reverting({ proposal_id: open, receipt: RECEIPT })), 'revert_unfounded');
    expectProblem(await submit(reverting({ proposal_id: newId(), receipt: RECEIPT })), 'revert_unfounded');
    const forward = await applied();
    const other = { ...forward, receipt: `sha256:${'9'.repeat(64)}` };
    expectProblem(await submit(reverting(other)), 'revert_unfounded');
  });

  test('that sets a row to what it was not before is refused', async () => {
    const forward = await applied();
    const members = [
      {
        primary_key: { column: 'id', value: 'P-1' },
        expected_state: { fee_cents: 0, state: 'held', version: 8 },
        restore_values: { fee_cents: 1 },
      },
    ];
    const changes = { before: {}, patch: {}, after: {} };
    const changeSet = { ...sampleCompensation(newId(), forward, changes, { members }) };
    expectProblem(await submit(named(changeSet, 'shipping.propose_fee_change')), 'revert_unfounded');
  });

  test('of another operation than the contract lets take back is refused', async () => {
    const forward = await applied();
    expectProblem(
      await submit({ ...reverting(forward), action: 'shipping.remove_parcel' }),
      'outside_contract',
    );
  });
});
