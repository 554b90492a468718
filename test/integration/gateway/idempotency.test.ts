import { beforeAll, describe, expect, test } from 'vitest';
import { proposal, SOURCE } from '../../support/change-set.ts';
import { ADJUST } from '../../support/contract.ts';
import { expectProblem } from '../../support/expect-problem.ts';
import { claimOne, propose, queueJob, RUNNER, renew, report } from '../../support/flow.ts';
import { must } from '../../support/must.ts';
import { type SharedPlane, sharedPlane } from '../../support/shared-planes.ts';
import { snapshot } from '../../support/snapshot.ts';
import { submission } from '../../support/submission.ts';
import type { Client, TestTenant } from '../../support/tenant.ts';

let plane: SharedPlane;
let tenant: TestTenant;
beforeAll(async () => {
  plane = await sharedPlane();
  tenant = await plane.tenant();
});

const post = (client: Client, path: string, body: unknown, key: string) =>
  client.post(path, body, { headers: { 'idempotency-key': key } });

async function unchanged<Value>(asked: () => Promise<Value>): Promise<Value> {
  const before = await snapshot(plane, tenant.project);
  const answer = await asked();
  expect(await snapshot(plane, tenant.project), 'nothing has changed').toEqual(before);
  return answer;
}

describe('a proposal under a key', () => {
  test('is made once: the same request gets the first answer again', async () => {
    const first = must(await post(tenant.service, '/v1/proposals', proposal(), 'one'));
    const again = await unchanged(() => post(tenant.service, '/v1/proposals', proposal(), 'one'));
    expect([again.status, again.body]).toEqual([201, first.body]);
  });

  test('is the same request whatever the order of its keys', async () => {
    const first = must(await post(tenant.service, '/v1/proposals', proposal(), 'order'));
    const reversed = Object.fromEntries(Object.entries(proposal()).reverse());
    expect((await unchanged(() => post(tenant.service, '/v1/proposals', reversed, 'order'))).body).toEqual(
      first.body,
    );
  });

  test('with another body is refused', async () => {
    must(await post(tenant.service, '/v1/proposals', proposal(), 'two'));
    const other = proposal({}, { reason: 'another' });
    expectProblem(
      await unchanged(() => post(tenant.service, '/v1/proposals', other, 'two')),
      'idempotency_key_reused',
    );
  });

  test('belongs to who sent it: another principal’s key is another key', async () => {
    const one = must(await post(tenant.service, '/v1/proposals', proposal(), 'three'));
    const two = must(await post(tenant.olivia, '/v1/proposals', proposal(), 'three'));
    expect(two.body.proposal_id).not.toBe(one.body.proposal_id);
    const asked = { capability: ADJUST, args: { invoice_id: 'INV-1', late_fee_cents: 0 } };
    const [three, again, four] = [
      must(await post(tenant.agent, '/v1/proposals', asked, 'three')),
      must(await post(tenant.agent, '/v1/proposals', asked, 'three')),
      must(await post(tenant.otherAgent, '/v1/proposals', asked, 'three')),
    ];
    expect([again.status, again.body]).toEqual([201, three.body]);
    expect(four.body.proposal_id).not.toBe(three.body.proposal_id);
  });

  test('that was refused is not kept: the key is free for a better request', async () => {
    const bad = proposal({ colour: 'red' });
    expectProblem(await unchanged(() => post(tenant.service, '/v1/proposals', bad, 'four')), 'unknown_field');
    expect((await post(tenant.service, '/v1/proposals', proposal(), 'four')).status).toBe(201);
  });

  test('sent many times at once is made once', async () => {
    const before = await snapshot(plane, tenant.project);
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => post(tenant.service, '/v1/proposals', proposal(), 'five')),
    );
    expect(
      new Set(answers.map(({ text }) => JSON.stringify(Object.entries(JSON.parse(text)).sort()))),
    ).toHaveLength(1);
    const count = (rows: string | undefined) => JSON.parse(rows ?? '[]').length;
    expect(count((await snapshot(plane, tenant.project)).proposals)).toBe(count(before.proposals) + 1);
  });

  test('and another body, at once: exactly one of them is made', async () => {
    const bodies = [proposal({}, { reason: 'a' }), proposal({}, { reason: 'b' })];
    const answers = await Promise.all(
      bodies.map((body) => post(tenant.service, '/v1/proposals', body, 'six')),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 422]);
  });
});

describe('a decision under a key', () => {
  test('is answered as at first, also after everything has moved on', async () => {
    const id = await propose(tenant.service);
    const path = `/v1/proposals/${id}/approve`;
    const first = must(await post(tenant.ada, path, { reason: 'yes' }, 'seven'));
    const job = await claimOne(tenant.runner);
    must(await report(tenant.runner, job));
    const again = await unchanged(() => post(tenant.ada, path, { reason: 'yes' }, 'seven'));
    expect([again.status, again.body]).toEqual([first.status, first.body]);
    expectProblem(
      await unchanged(() => post(tenant.ada, path, { reason: 'no' }, 'seven')),
      'idempotency_key_reused',
    );
  });

  test('is about its path: the same key elsewhere is another key', async () => {
    const [one, two] = [await propose(tenant.service), await propose(tenant.service)];
    for (const id of [one, two]) must(await post(tenant.ada, `/v1/proposals/${id}/reject`, {}, 'eight'));
    expectProblem(
      await unchanged(() => post(tenant.ada, `/v1/proposals/${one}/approve`, {}, 'eight')),
      'proposal_already_decided',
    );
  });

  test('does not open the answer to somebody who may no longer ask', async () => {
    const own = await plane.tenant();
    const id = await propose(own.service);
    must(await post(own.ada, `/v1/proposals/${id}/approve`, {}, 'nine'));
    const ada = plane.issuers.get('members').personOf('ada');
    await plane.query(
      `UPDATE members SET roles = '["viewer"]' WHERE tenant = ?1 AND person = '${ada}'`,
      own.project,
    );
    expectProblem(await post(own.ada, `/v1/proposals/${id}/approve`, {}, 'nine'), 'forbidden');
  });
});

describe('calls whose answer must never be repeated', () => {
  test('a claim under one key for ever leases the next job each time', async () => {
    const ids = [await queueJob(tenant), await queueJob(tenant)];
    const claim = () =>
      post(tenant.runner, '/v1/writeback/jobs/claim', { source_id: SOURCE, runner_id: RUNNER }, 'always');
    const claimed = [await claim(), await claim(), await claim()].map(({ body }) =>
      body.jobs?.map(({ proposal_id }) => proposal_id),
    );
    expect(claimed).toEqual([[ids[0]], [ids[1]], []]);
  });

  test('a renewal under one key extends the lease each time', async () => {
    await queueJob(tenant);
    const job = await claimOne(tenant.runner, { lease_seconds: 5 });
    const path = `/v1/writeback/jobs/${job.job_id}/heartbeat`;
    const body = { runner_id: RUNNER, lease_id: job.lease_id, lease_seconds: 60 };
    const first = must(await post(tenant.runner, path, body, 'always'));
    const second = must(await post(tenant.runner, path, body, 'always'));
    expect(Date.parse(String(second.body.server_time))).toBeGreaterThan(
      Date.parse(String(first.body.server_time)),
    );
    must(await renew(tenant.runner, job));
    must(await report(tenant.runner, job));
  });
});

describe('calls with a key of their own nature', () => {
  test('a submission is made once, without any header', async () => {
    const request = submission(`wrp_${'7c'.repeat(10)}`);
    const answers = await Promise.all(
      Array.from({ length: 5 }, () => tenant.runner.post('/v1/runner/proposals', request)),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 200, 200, 200, 201]);
  });

  test('an event of a runner is recorded once; another under its id is refused', async () => {
    const event = {
      schema_version: 'synapsor.runner-activity.v1',
      event_id: 'evidence:1',
      event_type: 'evidence.recorded',
      runner_id: RUNNER,
      source_id: SOURCE,
      evidence_ids: ['evb_1'],
    };
    const first = must(await tenant.runner.post('/v1/runner/activity', event));
    const again = await unchanged(() => tenant.runner.post('/v1/runner/activity', event));
    expect([again.status, again.body]).toEqual([200, first.body]);
    const other = { ...event, evidence_ids: ['evb_2'] };
    expectProblem(
      await unchanged(() => tenant.runner.post('/v1/runner/activity', other)),
      'activity_differs',
    );
    must(await tenant.runner.post('/v1/runner/activity', { ...event, runner_id: 'runner-2' }));
  });
});
