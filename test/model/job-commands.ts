import fc from 'fast-check';
import { expect } from 'vitest';
import { SOURCE } from '../support/change-set.ts';
import { release, renew, report } from '../support/flow.ts';
import { must } from '../support/must.ts';
import { command, onLease, type RunnerId, runnerIds, tokenOf } from './command.ts';
import type { Reason } from './model.ts';
import type { Status } from './proposal.ts';
import { type Belief, expectAnswer, type Real } from './real.ts';
import { picks } from './script-command.ts';

/** Claims, and checks that exactly the right jobs come, in the right order. */
async function claim(
  belief: Belief,
  { tenant }: Real,
  runner: RunnerId,
  limit: number,
  seconds: number,
): Promise<void> {
  const request = { source_id: SOURCE, runner_id: runner, limit, lease_seconds: seconds };
  const answer = await tenant[tokenOf[runner]].post('/v1/writeback/jobs/claim', request);
  if (belief.runners[runner].status === 'draining') {
    expectAnswer(answer, { status: 409, code: 'runner_draining' });
    return;
  }
  const due = belief.claim(limit);
  const { body } = must(answer);
  expect(body.jobs?.map(({ proposal_id, attempt_count }) => [proposal_id, attempt_count])).toEqual(
    due.map(({ id, attempt }) => [id, attempt + 1]),
  );
  for (const [place, one] of due.entries())
    belief.lease(one, String(body.jobs?.[place]?.lease_id), runner, seconds);
  if (due.length > 0) belief.runners[runner].claimed(belief.now);
}

export const claims = fc
  .record({ runner: runnerIds, limit: fc.constantFrom(1, 1, 3), seconds: fc.constantFrom(5, 30, 600) })
  .map(({ runner, limit, seconds }) =>
    command(`${runner} claims ${limit} for ${seconds} s`, (belief, real) =>
      claim(belief, real, runner, limit, seconds),
    ),
  );

export const renewals = fc
  .record({ pick: picks, runner: runnerIds, seconds: fc.constantFrom(5, 60) })
  .map(({ pick, runner, seconds }) =>
    onLease(`${runner} renews for ${seconds} s`, pick, async (lease, belief, { tenant }) => {
      const job = { job_id: `wbj_${lease.proposal.id}`, lease_id: lease.id };
      const answer = await renew(tenant.runner, job, { runner_id: runner, lease_seconds: seconds });
      expectAnswer(answer, belief.renew(lease, runner, seconds));
    }),
  );

export const releases = fc
  .record({
    pick: picks,
    isOther: fc.constantFrom(false, false, false, true),
    reason: fc.constantFrom<Reason>('draining', 'busy', 'database_unavailable'),
  })
  .map(({ pick, isOther, reason }) =>
    onLease(
      `${isOther ? 'another' : 'its'} runner gives back (${reason})`,
      pick,
      async (lease, belief, { tenant }) => {
        const runner = isOther ? 'r3' : lease.runner;
        const job = { job_id: `wbj_${lease.proposal.id}`, lease_id: lease.id };
        const answer = await release(tenant.runner, job, { runner_id: runner, reason });
        expectAnswer(answer, belief.release(lease, runner, reason));
      },
    ),
  );

const statuses = fc.constantFrom<Status>(
  'applied',
  'applied',
  'already_applied',
  'conflict',
  'failed',
  'canceled',
  'reconciliation_required',
);
export const reports = fc
  .record({
    pick: picks,
    isOther: fc.constantFrom(false, false, false, false, true),
    status: statuses,
    hash: fc.constantFrom('1', '1', '2'),
  })
  .map(({ pick, isOther, status, hash }) =>
    onLease(
      `${isOther ? 'another' : 'its'} runner reports ${status} (${hash})`,
      pick,
      async (lease, belief, { tenant }) => {
        const runner = isOther ? 'r3' : lease.runner;
        const job = { job_id: `wbj_${lease.proposal.id}`, lease_id: lease.id };
        const result = { status, hash: `sha256:${hash.repeat(64)}` };
        const more = {
          affected_rows: status === 'applied' ? 1 : 0,
          intent_id: status === 'reconciliation_required' ? 'int_1' : undefined,
        };
        const sent = { runner_id: runner, status, result_hash: result.hash, ...more };
        expectAnswer(await report(tenant.runner, job, sent), belief.report(lease, runner, result));
      },
    ),
  );

async function advance(belief: Belief, real: Real, milliseconds: number): Promise<void> {
  await real.advance(milliseconds);
  belief.advance(milliseconds);
}

export const time = fc
  .constantFrom(1, 999, 1_000, 4_999, 5_000, 29_999, 30_000, 60_000, 150_000, 600_000)
  .map((milliseconds) =>
    command(`${milliseconds} ms pass`, (belief, real) => advance(belief, real, milliseconds)),
  );

/** Runners that take jobs and vanish, one after the other. */
export const vanish = fc
  .record({ runner: runnerIds, times: fc.constantFrom(1, 1, 2, 5) })
  .map(({ runner, times }) =>
    command(`${runner} claims and vanishes, ${times} times`, async (belief, real) => {
      for (let done = 0; done < times; done += 1) {
        await claim(belief, real, runner, 1, 5);
        await advance(belief, real, 5_000);
      }
    }),
  );
