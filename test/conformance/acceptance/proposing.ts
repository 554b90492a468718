import { strict as assert } from 'node:assert';
import { passes, reads, refuses, until } from '../checks.ts';
import { askForJob, claimOne, decide, follow, report, resultOf, submit } from '../doing.ts';
import { claimAnswer, followed, jobOne } from '../reads.ts';
import { listed, nothingToDo, run, type Step } from './run.ts';

/** Steps 13 to 20: proposals that are applied, rejected, and too late. */
export const proposing: readonly Step[] = [
  [
    '13, 14',
    'a proposal shows up in the list within ten seconds, without anything that stays with the runner',
    async (stand) => {
      run.proposal.set(await submit(run.working.get(), stand.source));
      const item = await until(
        () => listed(stand, run.proposal.get()),
        (found) => found !== undefined,
      );
      assert.equal(item?.source_database_mutated, false);
      assert.equal(item?.contract_digest, run.first.get().digest);
      assert.doesNotMatch(JSON.stringify(item), /card_number|syn_run_|postgres(ql)?:\/\//);
    },
  ],
  [
    '15, 16',
    'the service may not approve, exactly 403; the person who made the token may',
    async (stand) => {
      const path = `/v1/control/external-writebacks/proposals/${run.proposal.get()}/approve`;
      const body = { reason: 'no', project_id: stand.project };
      refuses(await run.service.get().service.post(path, body), 403);
      passes(await decide(stand, run.proposal.get(), 'approve'));
    },
  ],
  [
    '17, 18',
    'of two workers one gets the job and applies it; then there is nothing to do',
    async (stand) => {
      const second = { ...run.working.get(), runnerId: 'runner_accepted_second' };
      const both = [run.working.get(), second];
      const answers = await Promise.all(both.map((one) => askForJob(one, stand.source)));
      const jobs = answers.map((answer) => reads(claimAnswer, answer).jobs);
      assert.deepEqual(jobs.map((list) => list.length).toSorted(), [0, 1]);
      const winner = jobs[0]?.length === 1 ? run.working.get() : second;
      const job = jobOne.parse(jobs.flat()[0]);
      const renewal = { runner_id: winner.runnerId, lease_id: job.lease_id, lease_seconds: 60 };
      passes(await winner.runner.post(`/v1/writeback/jobs/${job.job_id}/heartbeat`, renewal));
      passes(await report(winner, job, resultOf(job, winner.runnerId)));
      assert.equal(reads(followed, await follow(winner, run.proposal.get())).status, 'applied');
      await nothingToDo(stand);
    },
  ],
  [
    '19',
    'a second proposal is rejected by the person, and no worker gets it',
    async (stand) => {
      const id = await submit(run.working.get(), stand.source);
      passes(await decide(stand, id, 'reject'));
      await nothingToDo(stand);
      assert.equal(reads(followed, await follow(run.working.get(), id)).status, 'rejected');
    },
  ],
  [
    '20',
    'a third one meets a row that has changed: it ends as a conflict, which the list shows',
    async (stand) => {
      const id = await submit(run.working.get(), stand.source);
      passes(await decide(stand, id, 'approve'));
      const job = await claimOne(run.working.get(), stand.source);
      const conflict = { status: 'conflict', affected_rows: 0, error_code: 'VERSION_CONFLICT' };
      passes(await report(run.working.get(), job, resultOf(job, run.working.get().runnerId, conflict)));
      await until(
        () => listed(stand, id),
        (found) => found?.status === 'conflict',
      );
    },
  ],
];
