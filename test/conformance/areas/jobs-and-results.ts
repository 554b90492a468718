import { strict as assert } from 'node:assert';
import { passes, reads, refuses } from '../checks.ts';
import {
  askForJob,
  claimOne,
  decide,
  follow,
  keyed,
  leasedJob,
  report,
  resultOf,
  startWork,
  submit,
} from '../doing.ts';
import { claimAnswer, followed, type JobOne, jobOne } from '../reads.ts';
import { scenariosOf } from '../scenario.ts';

const SHORTEST_LEASE_S = 5;
const SECOND_MS = 1_000;

export const jobScenarios = scenariosOf(
  'jobs and results',
  [
    'without a job the claim is an empty list, however often the same key comes',
    '1.5, 2.2; 8 (3)',
    async (stand) => {
      const working = await startWork(stand);
      for (let turn = 0; turn < 2; turn += 1)
        assert.deepEqual(reads(claimAnswer, await askForJob(working, stand.source)).jobs, []);
      passes(await decide(stand, await submit(working, stand.source), 'approve'));
      await claimOne(working, stand.source);
      assert.deepEqual(reads(claimAnswer, await askForJob(working, stand.source)).jobs, []);
    },
  ],
  [
    'of two workers that claim at once exactly one gets the job',
    '6.2 step 17',
    async (stand) => {
      const working = await startWork(stand);
      passes(await decide(stand, await submit(working, stand.source), 'approve'));
      const two = [working, { ...working, runnerId: `${working.runnerId}_second` }];
      const answers = await Promise.all(two.map((one) => askForJob(one, stand.source)));
      const counts = answers.map((answer) => reads(claimAnswer, answer).jobs.length);
      assert.deepEqual(counts.toSorted(), [0, 1]);
    },
  ],
  [
    'a lease is renewed, and a wrong one is 409 or 403',
    '2.2, 4.4',
    async (stand) => {
      const working = await startWork(stand);
      const { job_id, lease_id } = await leasedJob(stand, working);
      const path = `/v1/writeback/jobs/${job_id}/heartbeat`;
      const renewal = { runner_id: working.runnerId, lease_id, lease_seconds: 60 };
      for (let turn = 0; turn < 2; turn += 1) passes(await keyed(working.runner, path, renewal));
      refuses(await keyed(working.runner, path, { ...renewal, lease_id: 'lse_none' }), 409);
      refuses(await keyed(working.runner, path, { ...renewal, runner_id: 'another' }), 403, 409);
    },
  ],
  [
    'a result ends job and proposal, and the same result again is taken',
    '4.4; 8 (5)',
    async (stand) => {
      const working = await startWork(stand);
      const job = await leasedJob(stand, working);
      const result = resultOf(job, working.runnerId);
      for (let turn = 0; turn < 2; turn += 1) passes(await report(working, job, result));
      const answer = reads(followed, await follow(working, job.proposal_id));
      assert.deepEqual([answer.status, answer.terminal], ['applied', true]);
      const { result: told } = answer;
      assert.deepEqual([told?.source_database_mutated, told?.affected_rows], [true, 1]);
      assert.deepEqual([told?.receipt_id, told?.result_hash], [result.result_hash, result.result_hash]);
    },
  ],
  [
    'a terminal proposal answers the same each time',
    '4.7',
    async (stand) => {
      const working = await startWork(stand);
      const job = await leasedJob(stand, working);
      passes(await report(working, job, resultOf(job, working.runnerId)));
      const first = reads(followed, await follow(working, job.proposal_id));
      assert.deepEqual(reads(followed, await follow(working, job.proposal_id)), first);
    },
  ],
  [
    'an attempt that finds the write done says so, and the proposal is applied',
    '4.1, 4.4',
    async (stand) => {
      const working = await startWork(stand);
      const job = await leasedJob(stand, working);
      const done = resultOf(job, working.runnerId, { status: 'already_applied', affected_rows: 0 });
      passes(await report(working, job, done));
      const answer = reads(followed, await follow(working, job.proposal_id));
      assert.deepEqual([answer.status, answer.result?.source_database_mutated], ['applied', true]);
    },
  ],
  ...(
    [
      ['conflict', 'conflict', { error_code: 'VERSION_CONFLICT' }],
      ['failed', 'failed', { error_code: 'LOCAL_AUTHORITY_REJECTED' }],
      ['canceled', 'canceled', { error_code: 'TRANSACTION_FAILED' }],
      ['reconciliation_required', 'indeterminate', { intent_id: 'wbi_1', error_code: 'OUTCOME_UNKNOWN' }],
    ] as const
  ).map(
    ([status, shown, more]) =>
      [
        `a result ${status} is terminal, shown as ${shown}, and the job is handed out no more`,
        '4.1, 4.4; 6.2 step 12',
        async (stand: Parameters<typeof startWork>[0]) => {
          const working = await startWork(stand);
          const job = await leasedJob(stand, working);
          const result = resultOf(job, working.runnerId, { status, affected_rows: 0, ...more });
          passes(await report(working, job, result));
          const answer = reads(followed, await follow(working, job.proposal_id));
          assert.deepEqual([answer.status, answer.terminal], [shown, true]);
          assert.equal(answer.result?.source_database_mutated, false);
          assert.deepEqual(reads(claimAnswer, await askForJob(working, stand.source)).jobs, []);
        },
      ] as const,
  ),
  [
    'another end than the one that is stored is 409',
    '4.4',
    async (stand) => {
      const working = await startWork(stand);
      const job = await leasedJob(stand, working);
      passes(await report(working, job, resultOf(job, working.runnerId)));
      const other = { status: 'failed', affected_rows: 0, result_hash: `sha256:${'f'.repeat(64)}` };
      refuses(await report(working, job, resultOf(job, working.runnerId, other)), 409);
    },
  ],
  [
    'a lease that is over goes to another attempt under the same key, and the late result is still the truth',
    '4.4, 4.5; 8 (5)',
    async (stand) => {
      const working = await startWork(stand);
      passes(await decide(stand, await submit(working, stand.source), 'approve'));
      const first = await claimOne(working, stand.source, { lease_seconds: SHORTEST_LEASE_S });
      const second = await claimedOnceOver(working, stand.source);
      assert.equal(second.job_id, first.job_id);
      assert.equal(second.idempotency_key, first.idempotency_key);
      assert.notEqual(second.lease_id, first.lease_id);
      assert.equal(second.attempt_count, first.attempt_count + 1);
      passes(await report(working, first, resultOf(first, working.runnerId)));
      assert.equal(reads(followed, await follow(working, first.proposal_id)).status, 'applied');
      const again = { status: 'already_applied', affected_rows: 0 };
      passes(await report(working, second, resultOf(second, working.runnerId, again)));
    },
  ],
  [
    'a result is taken without the fields that a client may leave away',
    '3.8',
    async (stand) => {
      const working = await startWork(stand);
      const { job_id, lease_id } = await leasedJob(stand, working);
      const least = {
        protocol_version: '1.0',
        job_id,
        runner_id: working.runnerId,
        status: 'applied',
        lease_id,
      };
      passes(await keyed(working.runner, `/v1/writeback/jobs/${job_id}/result`, least));
    },
  ],
  [
    "a lease that never was is 409, and another runner's 403 or 409",
    '4.4',
    async (stand) => {
      const working = await startWork(stand);
      const job = await leasedJob(stand, working);
      refuses(
        await report(working, job, resultOf(job, working.runnerId, { lease_id: 'lse_none' })),
        403,
        409,
      );
      refuses(await report(working, job, resultOf(job, 'another')), 403, 409);
    },
  ],
);

/** Claims until the lease that stands has run out. */
async function claimedOnceOver(working: Parameters<typeof claimOne>[0], source: string): Promise<JobOne> {
  for (;;) {
    const [job] = reads(claimAnswer, await askForJob(working, source)).jobs;
    if (job !== undefined) return jobOne.parse(job);
    await new Promise((resolve) => setTimeout(resolve, SECOND_MS));
  }
}
