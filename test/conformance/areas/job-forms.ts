import { strict as assert } from 'node:assert';
import { randomBytes } from 'node:crypto';
import * as z from 'zod';
import type { Json } from '../caller.ts';
import { digestOf } from '../canonical.ts';
import { passes, reads, refuses } from '../checks.ts';
import { ALIAS, type ContractTriple, newProposalId } from '../documents.ts';
import {
  askForJob,
  decide,
  follow,
  keyed,
  leasedJob,
  startWork,
  submission,
  type Working,
} from '../doing.ts';
import {
  insertOne,
  operations,
  parcelsContract,
  removeOne,
  restoreOne,
  updateOne,
  updateSet,
} from '../later-documents.ts';
import { jobFour, jobThree, jobTwo } from '../later-reads.ts';
import { claimAnswer, followed } from '../reads.ts';
import { scenariosOf } from '../scenario.ts';
import type { Stand } from '../stand.ts';

const startLater = (stand: Stand) => startWork(stand, 'runner_conformance', parcelsContract());
const propose = (working: Working, source: string, proposalId: string, change: Json) =>
  keyed(working.runner, '/v1/runner/proposals', {
    ...submission(working, source, proposalId),
    change_set: change,
  });

/** Proposed, approved and leased: the change as it was sent, and the job as this shape reads it. */
async function leased<Shape extends z.ZodType>(
  stand: Stand,
  working: Working,
  build: (proposalId: string, contract: ContractTriple) => Json,
  shape: Shape,
) {
  const proposalId = newProposalId();
  const change = build(proposalId, working.contract);
  passes(await propose(working, stand.source, proposalId, change));
  passes(await decide(stand, proposalId, 'approve'));
  const { jobs } = reads(claimAnswer, await askForJob(working, stand.source));
  const read = shape.safeParse(jobs[0]);
  assert.ok(read.success, `the job: ${read.success || z.prettifyError(read.error)}`);
  return { proposalId, change, job: read.data };
}

type Leased = Readonly<Record<'job_id' | 'lease_id' | 'operation' | 'protocol_version', string>>;

/** The result of a job after the first version, as the adapters make it (PROTOCOL 3.8), and what becomes of it. */
async function ends(working: Working, job: Leased, proposalId: string, more: Json): Promise<string> {
  const result_hash = digestOf(randomBytes(8).toString('hex'));
  const result = {
    protocol_version: job.protocol_version,
    job_id: job.job_id,
    runner_id: working.runnerId,
    lease_id: job.lease_id,
    operation: job.operation,
    receipt_authority: 'source_db',
    status: 'applied',
    result_hash,
    completed_at: new Date().toISOString(),
    ...more,
  };
  const path = `/v1/writeback/jobs/${job.job_id}/result`;
  // The answer may be lost, and the same comes again.
  for (let turn = 0; turn < 2; turn += 1) passes(await keyed(working.runner, path, result));
  const { result: stored, status } = reads(followed, await follow(working, proposalId));
  assert.deepEqual([status, stored?.result_hash], ['applied', result_hash]);
  return result_hash;
}

const one = (id: string) => ({ affected_rows: 1, target_identity: [{ column: 'id', value: id }] });

/** How a job looks to a worker, by the version of its form. */
export const jobFormScenarios = scenariosOf(
  'job forms',
  [
    'a job "1.0" is what a linked worker checks: the alias of the source, the hash, the contract, both leases',
    '3.2, 3.3, 3.4; 8 (1)',
    async (stand) => {
      const working = await startWork(stand);
      const job = await leasedJob(stand, working);
      assert.equal(job.source_id, ALIAS, 'not the id that the plane has for it');
      assert.deepEqual(job.contract, working.contract);
      assert.ok(job.job_id.endsWith(job.proposal_id));
      assert.match(job.approval_id, /^sha256:[0-9a-f]{64}$/);
      assert.deepEqual([job.lease.lease_id, job.lease.attempt], [job.lease_id, job.attempt_count]);
      assert.equal(job.lease.expires_at, job.lease_expires_at);
      assert.ok(Date.parse(job.lease_expires_at) > Date.now(), 'not over by the clock of the worker');
      const keys = [job.target.primary_key.column, job.target.tenant_guard.column];
      assert.ok(job.allowed_columns.every((column) => !keys.includes(column)));
      assert.ok(Object.keys(job.patch).every((column) => job.allowed_columns.includes(column)));
      assert.deepEqual(job.conflict_guard, {
        kind: 'version_column',
        column: 'version',
        expected_value: 7,
      });
    },
  ],
  [
    'an update of change set v2 is a job "2.0" with its version advance, and its result ends the proposal',
    '3.5, 3.8, 3.12',
    async (stand) => {
      const working = await startLater(stand);
      const { change, job, proposalId } = await leased(stand, working, updateOne, jobTwo);
      assert.equal(job.operation, 'single_row_update');
      assert.deepEqual(job.patch, change.patch);
      assert.deepEqual(job.version_advance, { column: 'version', strategy: 'integer_increment' });
      assert.deepEqual([job.source_id, job.contract], [ALIAS, working.contract]);
      assert.equal(job.approval_id, Object(change.integrity).proposal_hash);
      await ends(working, job, proposalId, { ...one('P-1'), result_version: 8 });
    },
  ],
  [
    'an insert is a job "2.0" without a version guard, kept apart by its proposal and the tenant',
    '3.5, 3.8',
    async (stand) => {
      const working = await startLater(stand);
      const { job, proposalId } = await leased(stand, working, insertOne, jobTwo);
      assert.ok(job.operation === 'single_row_insert');
      const { components } = job.deduplication;
      assert.deepEqual(
        components.map(({ source, value }) => [source, value]),
        [
          ['proposal_id', proposalId],
          ['trusted_tenant', job.target.tenant_guard.value],
        ],
      );
      assert.ok(components.every(({ column }) => !Object.hasOwn(job.patch, column)));
      await ends(working, job, proposalId, { ...one(proposalId), after_digest: digestOf('after') });
    },
  ],
  [
    'a delete is a job "2.0" with an empty patch and a version guard',
    '3.5, 3.8',
    async (stand) => {
      const working = await startLater(stand);
      const { job, proposalId } = await leased(stand, working, removeOne, jobTwo);
      assert.equal(job.operation, 'single_row_delete');
      await ends(working, job, proposalId, { ...one('P-1'), tombstone_digest: digestOf('gone') });
    },
  ],
  [
    'a set of change set v3 is a job "3.0" with the frozen set as it was sent',
    '3.6, 3.8',
    async (stand) => {
      const working = await startLater(stand);
      const { change, job, proposalId } = await leased(stand, working, updateSet, jobThree);
      assert.deepEqual(job.frozen_set, change.frozen_set);
      const { members, set_digest } = job.frozen_set;
      await ends(working, job, proposalId, {
        affected_rows: members.length,
        target_identities: members.map(({ primary_key }) => primary_key),
        set_digest,
        member_effects: members.map(({ primary_key, before_digest, after_digest }) => ({
          primary_key,
          before_digest,
          after_digest,
        })),
      });
    },
  ],
  [
    'a compensation is a job "4.0" with the descriptor and the receipt of what it takes back',
    '3.7, 3.13, 3.8',
    async (stand) => {
      const working = await startLater(stand);
      const first = await leased(stand, working, updateOne, jobTwo);
      const receipt = await ends(working, first.job, first.proposalId, { ...one('P-1'), result_version: 8 });
      const build = (id: string, contract: ContractTriple) =>
        restoreOne(id, contract, { proposalId: first.proposalId, receipt });
      const { change, job, proposalId } = await leased(stand, working, build, jobFour);
      assert.deepEqual(job.compensation, Object(change.compensation).descriptor);
      assert.equal(job.forward_receipt_hash, receipt);
      await ends(working, job, proposalId, {
        affected_rows: 1,
        target_identities: [{ column: 'id', value: 'P-1' }],
        member_effects: [{ primary_key: { column: 'id', value: 'P-1' }, after_digest: digestOf('restored') }],
      });
    },
  ],
  [
    'what a contract does not allow of an operation is parked, and no job comes of it',
    '1.4, 3.10',
    async (stand) => {
      const working = await startLater(stand);
      const proposalId = newProposalId();
      const change = { ...removeOne(proposalId, working.contract), action: operations.update };
      refuses(await propose(working, stand.source, proposalId, change), 409, 412, 422);
      assert.deepEqual(reads(claimAnswer, await askForJob(working, stand.source)).jobs, []);
    },
  ],
);
