import { beforeAll, describe, expect, test } from 'vitest';
import { SOURCE } from '../../support/change-set.ts';
import { eventually } from '../../support/eventually.ts';
import { expectProblem } from '../../support/expect-problem.ts';
import { approve, claimOne, propose, RUNNER, read, report, requestAndRehearse } from '../../support/flow.ts';
import type { Answer } from '../../support/http.ts';
import { must } from '../../support/must.ts';
import { type SharedPlane, sharedPlane } from '../../support/shared-planes.ts';
import type { Client, TestTenant } from '../../support/tenant.ts';

let plane: SharedPlane;
beforeAll(async () => {
  plane = await sharedPlane();
});

interface HeldClaim {
  readonly answer: Promise<Answer>;
  /** The client vanishes. */
  vanish(): void;
}

function claim(client: Client, waitSeconds: number, more = {}, headers = {}): HeldClaim {
  const gone = new AbortController();
  const request = { source_id: SOURCE, runner_id: RUNNER, wait_seconds: waitSeconds, ...more };
  const answer = client.post('/v1/writeback/jobs/claim', request, {
    signal: gone.signal,
    headers,
  });
  return { answer, vanish: () => gone.abort() };
}

const heldPolls = async (tenant: TestTenant) => {
  const { body } = must(await tenant.vera.get('/v1/engine/health'));
  return Number(Object(body.object).held_polls);
};
const untilHeld = (tenant: TestTenant, count: number) =>
  eventually(
    () => heldPolls(tenant),
    (held) => held === count,
  );
const rowOf = async (proposalId: string) => {
  const rows = await plane.query<{ job_state: string; charged: number; attempt: number }>(
    'SELECT job_state, charged, attempt FROM proposals WHERE proposal_id = ?1',
    proposalId,
  );
  return rows[0];
};

describe('a claim that waits', () => {
  test('is handed the job at the approval that queues it', async () => {
    const tenant = await plane.tenant();
    const id = await propose(tenant.service);
    const held = claim(tenant.runner, 25);
    await untilHeld(tenant, 1);
    await approve(tenant.ada, id);
    const { status, body } = must(await held.answer);
    expect([status, body.jobs?.map(({ proposal_id }) => proposal_id)]).toEqual([200, [id]]);
    await untilHeld(tenant, 0);
    const [job] = body.jobs ?? [];
    if (job === undefined) throw new TypeError('no job');
    must(await report(tenant.runner, job));
  });

  test('is answered at once when there is something already', async () => {
    const tenant = await plane.tenant();
    await approve(tenant.ada, await propose(tenant.service));
    expect(must(await claim(tenant.runner, 25).answer).body.jobs).toHaveLength(1);
  });

  test('ends empty when its time is over', async () => {
    const tenant = await plane.tenant();
    const begun = Date.now();
    const { body } = must(await claim(tenant.runner, 1).answer);
    expect(body).toEqual({ ok: true, jobs: [], server_time: expect.any(String) });
    expect(Date.now() - begun).toBeGreaterThanOrEqual(1_000);
    await untilHeld(tenant, 0);
  });

  test('is refused like any other when it may not be', async () => {
    const tenant = await plane.tenant();
    expectProblem(await claim(tenant.agent, 25).answer, 'forbidden');
    expectProblem(await claim(tenant.runner, 25, { source_id: 'src_orders' }).answer, 'source_not_permitted');
    expectProblem(await claim(tenant.runner, 26).answer, 'validation_failed');
    expect(await heldPolls(tenant)).toBe(0);
  });

  test('takes as many jobs as it asked for', async () => {
    const tenant = await plane.tenant();
    const ids = [await propose(tenant.service), await propose(tenant.service), await propose(tenant.service)];
    const held = claim(tenant.runner, 25, { limit: 50 });
    await untilHeld(tenant, 1);
    await Promise.all(ids.map((id) => approve(tenant.ada, id)));
    const first = must(await held.answer).body.jobs ?? [];
    const rest = must(await claim(tenant.runner, 0, { limit: 50 }).answer).body.jobs ?? [];
    expect([...first, ...rest].map(({ proposal_id }) => proposal_id).sort()).toEqual(ids.sort());
  });

  test('two of them, one job: exactly one gets it, the one that waited longer', async () => {
    const tenant = await plane.tenant();
    const id = await propose(tenant.service);
    const longer = claim(tenant.runner, 25, { runner_id: 'first' });
    await untilHeld(tenant, 1);
    const shorter = claim(tenant.otherRunner, 2, { runner_id: 'second' });
    await untilHeld(tenant, 2);
    await approve(tenant.ada, id);
    expect(must(await longer.answer).body.jobs).toHaveLength(1);
    expect(must(await shorter.answer).body.jobs).toEqual([]);
    expect(await rowOf(id)).toEqual({ job_state: 'leased', attempt: 1, charged: 0 });
  });

  test('fifty of them, fifty jobs: everyone gets one', async () => {
    const tenant = await plane.tenant();
    const ids = await Promise.all(Array.from({ length: 50 }, () => propose(tenant.service)));
    const waiters = ids.map((_, at) => claim(tenant.runner, 25, { runner_id: `runner-${at}` }));
    await untilHeld(tenant, 50);
    await Promise.all(ids.map((id) => approve(tenant.ada, id)));
    const answers = await Promise.all(waiters.map(({ answer }) => answer));
    const jobs = answers.map(({ body }) => body.jobs ?? []);
    expect(jobs.map((list) => list.length)).toEqual(ids.map(() => 1));
    expect(jobs.flatMap((list) => list.map(({ proposal_id }) => proposal_id)).sort()).toEqual(ids.sort());
  });

  test('does not see what lies in the queue of another source', async () => {
    const tenant = await plane.tenant();
    const id = await propose(tenant.service, {}, { source_id: 'src_orders' });
    const held = claim(tenant.runner, 1);
    await untilHeld(tenant, 1);
    await approve(tenant.ada, id);
    expect(must(await held.answer).body.jobs).toEqual([]);
  });
});

describe('a runner that vanished while it waited', () => {
  test('is noticed, and nothing is given to it', async () => {
    const tenant = await plane.tenant();
    const id = await propose(tenant.service);
    const held = claim(tenant.runner, 25);
    await untilHeld(tenant, 1);
    held.vanish();
    await expect(held.answer).rejects.toThrow();
    await untilHeld(tenant, 0);
    await approve(tenant.ada, id);
    expect((await claimOne(tenant.otherRunner, { runner_id: 'second' })).attempt_count).toBe(1);
  });

  test('just before its job came keeps nothing, when it takes lines', async () => {
    const tenant = await plane.tenant();
    const id = await propose(tenant.service);
    const held = claim(tenant.runner, 25, {}, { accept: 'application/x-ndjson' });
    await untilHeld(tenant, 1);
    const approved = approve(tenant.ada, id);
    held.vanish();
    await expect(held.answer).rejects.toThrow();
    await approved;
    const job = await eventually(
      async () =>
        must(
          await tenant.otherRunner.post('/v1/writeback/jobs/claim', { source_id: SOURCE, runner_id: 'b' }),
        ),
      ({ body }) => body.jobs?.length === 1,
    );
    expect(job.body.jobs?.map(({ proposal_id }) => proposal_id)).toEqual([id]);
    expect((await rowOf(id))?.charged).toBe(0);
  });

  test('leaves its job to the one that waits behind it', async () => {
    const tenant = await plane.tenant();
    const id = await propose(tenant.service);
    const first = claim(tenant.runner, 25, { runner_id: 'first' });
    await untilHeld(tenant, 1);
    const second = claim(tenant.otherRunner, 25, { runner_id: 'second' });
    await untilHeld(tenant, 2);
    first.vanish();
    await expect(first.answer).rejects.toThrow();
    await untilHeld(tenant, 1);
    await approve(tenant.ada, id);
    expect(must(await second.answer).body.jobs?.map(({ proposal_id }) => proposal_id)).toEqual([id]);
    expect((await rowOf(id))?.charged).toBe(0);
  });
});

describe('a reading that waits', () => {
  const waiting = async (client: Client, id: string, query: string) =>
    client.get(`/v1/proposals/${id}?${query}`);

  test('wakes at the decision', async () => {
    const tenant = await plane.tenant();
    const id = await propose(tenant.service);
    const reading = waiting(tenant.service, id, 'wait_seconds=25');
    await untilHeld(tenant, 1);
    must(await tenant.ada.post(`/v1/proposals/${id}/reject`, { reason: 'no' }));
    expect(must(await reading).body).toMatchObject({ status: 'rejected', terminal: true });
    await untilHeld(tenant, 0);
  });

  test('follows a proposal from change to change by its sequence', async () => {
    const tenant = await plane.tenant();
    const id = await propose(tenant.service);
    const seen: unknown[] = [];
    let after = (await read(tenant.service, id)).ledger_seq;
    const follow = async (act: () => Promise<unknown>) => {
      const reading = waiting(tenant.service, id, `wait_seconds=25&after=${after}`);
      await untilHeld(tenant, 1);
      await act();
      const { body } = must(await reading);
      seen.push([body.status, body.job?.status]);
      after = body.ledger_seq;
    };
    await follow(() => approve(tenant.ada, id));
    await follow(async () => must(await claim(tenant.runner, 0).answer));
    const [job] = [{ job_id: `wbj_${id}`, lease_id: '' }];
    const entries = must(await tenant.olivia.get(`/v1/proposals/${id}/replay`)).body.entries ?? [];
    const leaseId = String(entries.at(-1)?.body.lease_id);
    await follow(async () => must(await report(tenant.runner, { ...job, lease_id: leaseId })));
    expect(seen).toEqual([
      ['approved', 'queued'],
      ['approved', 'leased'],
      ['applied', 'applied'],
    ]);
  });

  test('is answered at once when it has changed since, has ended, or is not theirs', async () => {
    const tenant = await plane.tenant();
    const id = await requestAndRehearse(tenant);
    expect(must(await waiting(tenant.agent, id, 'wait_seconds=25&after=0')).body.status).toBe(
      'pending_review',
    );
    expectProblem(await waiting(tenant.otherAgent, id, 'wait_seconds=25'), 'proposal_not_found');
    must(await tenant.agent.post(`/v1/proposals/${id}/cancel`));
    expect(must(await waiting(tenant.agent, id, 'wait_seconds=25')).body.status).toBe('canceled');
  });

  test('ends with what there is when nothing happens', async () => {
    const tenant = await plane.tenant();
    const id = await propose(tenant.service);
    expect(must(await waiting(tenant.service, id, 'wait_seconds=1')).body.status).toBe('pending_review');
    await untilHeld(tenant, 0);
  });
});
