import type { ErrorCode } from '@countersign/protocol/error-codes';
import { beforeAll, describe, expect, test } from 'vitest';
import { SOURCE } from '../../support/change-set.ts';
import { expectProblem } from '../../support/expect-problem.ts';
import {
  approve,
  claimOne,
  propose,
  queueJob,
  RUNNER,
  rehearse,
  renew,
  report,
  request,
} from '../../support/flow.ts';
import { must } from '../../support/must.ts';
import { type SharedClockedPlane, sharedClockedPlane } from '../../support/shared-planes.ts';
import type { Client, TestTenant } from '../../support/tenant.ts';

let plane: SharedClockedPlane;
beforeAll(async () => {
  plane = await sharedClockedPlane();
}, 60_000);

const reason = 'the refunds of this morning look wrong';

async function freeze(client: Client, scope: object, more = {}): Promise<string> {
  const { body } = must(await client.post('/v1/freezes', { scope, reason, ...more }));
  return String(Object(body.freeze).freeze_id);
}

function lift(client: Client, freezeId: string) {
  return client.post(`/v1/freezes/${freezeId}/lift`, { reason: 'it was a test account' });
}

function claim(client: Client, more = {}) {
  return client.post('/v1/writeback/jobs/claim', {
    source_id: SOURCE,
    runner_id: RUNNER,
    limit: 50,
    ...more,
  });
}

async function claimed(client: Client, more = {}): Promise<number> {
  return must(await claim(client, more)).body.jobs?.length ?? 0;
}

async function depths({ olivia }: TestTenant) {
  return Object(must(await olivia.get('/v1/engine/health')).body.depths) as Record<string, number>;
}

async function expectWhole({ olivia }: TestTenant): Promise<void> {
  expect(must(await olivia.post('/v1/maintenance/rebuild')).body).toMatchObject({ differences: [] });
}

/** Several jobs in the queue. */
async function queueJobs(tenant: TestTenant, count: number): Promise<void> {
  for (let made = 0; made < count; made += 1) await queueJob(tenant);
}

describe('an emergency stop', () => {
  test('hands out nothing from its turn on, and renews nothing', async () => {
    const tenant = await plane.tenant();
    await queueJobs(tenant, 2);
    const job = await claimOne(tenant.runner);
    const stopped = must(await tenant.ada.post('/v1/stop', { reason }));
    expect(stopped.body.freeze).toMatchObject({ is_stop: true, scope: { kind: 'project' }, reason });
    const answer = must(await claim(tenant.runner)).body;
    expect(answer).toMatchObject({ jobs: [], frozen: { kind: 'project', is_stop: true } });
    expect(answer.frozen).not.toHaveProperty('reason');
    expectProblem(await renew(tenant.runner, job), 'frozen');
    expect(Date.parse(String(stopped.body.no_write_begins_after))).toBeGreaterThanOrEqual(
      Date.parse(job.write_by ?? ''),
    );
  });

  test('takes the result of a write that was under way', async () => {
    const tenant = await plane.tenant();
    await queueJobs(tenant, 1);
    const job = await claimOne(tenant.runner);
    must(await tenant.otto.post('/v1/stop', { reason }));
    must(await report(tenant.runner, job));
    await expectWhole(tenant);
  });

  test('is ended by an operator, and by no approver, service or runner', async () => {
    const tenant = await plane.tenant();
    await queueJobs(tenant, 1);
    const { body } = must(await tenant.service.post('/v1/stop', { reason }));
    const { freeze_id: id } = Object(body.freeze);
    for (const who of [tenant.ada, tenant.service, tenant.runner, tenant.agent])
      expectProblem(await lift(who, id), 'forbidden');
    expect(must(await tenant.vera.get('/v1/freezes')).body).toMatchObject({ is_stopped: true });
    must(await lift(tenant.otto, id));
    expect(must(await tenant.vera.get('/v1/freezes')).body).toMatchObject({ is_stopped: false, freezes: [] });
    expect(await claimed(tenant.runner)).toBe(1);
    expectProblem(await lift(tenant.otto, id), 'freeze_not_found');
  });

  test('of one runner leaves the others at work', async () => {
    const tenant = await plane.tenant();
    await queueJobs(tenant, 2);
    must(await register(tenant.runner, 'lost'));
    must(await tenant.otto.post('/v1/stop', { reason, runner_id: 'lost' }));
    expect(await claimed(tenant.runner, { runner_id: 'lost' })).toBe(0);
    expect(await claimed(tenant.runner, { runner_id: 'other' })).toBe(2);
  });
});

describe('a claim that waits', () => {
  async function untilHeld({ vera }: TestTenant): Promise<void> {
    await expect
      .poll(async () => must(await vera.get('/v1/engine/health')).body.object)
      .toMatchObject({ held_polls: 1 });
  }

  test('is told when a stop begins, at the end of its time, and when the stop ends', async () => {
    const tenant = await plane.tenant();
    const before = claim(tenant.runner, { wait_seconds: 20 });
    await untilHeld(tenant);
    const { body } = must(await tenant.otto.post('/v1/stop', { reason }));
    const { freeze_id: id } = Object(body.freeze);
    const frozen = { freeze_id: id, kind: 'project', is_stop: true };
    expect(must(await before).body).toMatchObject({ jobs: [], frozen });
    expect(must(await claim(tenant.runner, { wait_seconds: 1 })).body).toMatchObject({ jobs: [], frozen });
    const during = claim(tenant.runner, { wait_seconds: 20 });
    await untilHeld(tenant);
    must(await lift(tenant.otto, id));
    const after = must(await during).body;
    expect(after).toMatchObject({ jobs: [] });
    expect(after).not.toHaveProperty('frozen');
  });

  test('is answered by a ping, whose way back is the next claim', async () => {
    const tenant = await plane.tenant();
    must(await register(tenant.runner, RUNNER));
    const ping = () => tenant.otto.post(`/v1/runners/${RUNNER}/ping`);
    expect(must(await ping()).body).toMatchObject({ is_polling: false, round_trip_ms: null });
    const first = claim(tenant.runner, { wait_seconds: 20 });
    await untilHeld(tenant);
    const pinged = ping();
    expect(must(await first).body).toMatchObject({ jobs: [], ping: true, server_time: expect.any(String) });
    const next = claim(tenant.runner, { wait_seconds: 1 });
    expect(must(await pinged).body).toMatchObject({ is_polling: true, round_trip_ms: expect.any(Number) });
    must(await next);
  });
});

test('a stop that is said again under its key is one stop, and one lift ends it', async () => {
  const tenant = await plane.tenant();
  const headers = { 'idempotency-key': 'k-1' };
  const stop = () => tenant.otto.post('/v1/stop', { reason }, { headers });
  const [first, again] = [must(await stop()), must(await stop())];
  expect(again.body).toEqual(first.body);
  const { freeze_id: id } = Object(first.body.freeze);
  const lifting = () =>
    tenant.otto.post(`/v1/freezes/${id}/lift`, { reason }, { headers: { 'idempotency-key': 'k-2' } });
  expect(must(await lifting()).body).toEqual(must(await lifting()).body);
  expect(must(await tenant.vera.get('/v1/freezes')).body).toMatchObject({ freezes: [] });
});

function register(client: Client, runner_id: string) {
  return client.post('/v1/runner/register', {
    schema_version: 'synapsor.runner-registration.v1',
    runner_id,
    runner_version: '1.0.0',
    engines: ['postgres'],
    capabilities: ['single_row_update'],
    scope: { project_id: 'token_scope', source_ids: [SOURCE] },
    registered_at: '2027-01-15T08:00:00.000Z',
  });
}

describe('a freeze of a source', () => {
  test('hands what stood still to whoever waits, in the turn that lifts it', async () => {
    const tenant = await plane.tenant();
    const id = await freeze(tenant.otto, { kind: 'source', id: SOURCE });
    await queueJobs(tenant, 3);
    const waiting = claim(tenant.runner, { wait_seconds: 20, limit: 2 });
    await expect
      .poll(async () => must(await tenant.vera.get('/v1/engine/health')).body.object)
      .toMatchObject({
        held_polls: 1,
      });
    must(await lift(tenant.otto, id));
    expect(must(await waiting).body.jobs).toHaveLength(2);
    expect(await depths(tenant)).toMatchObject({ queued: 1, leased: 2, frozen: 0 });
  });

  test('ends at its time', async () => {
    const tenant = await plane.tenant();
    await queueJobs(tenant, 1);
    const { server_time } = must(
      await claim(tenant.runner, { source_id: SOURCE, runner_id: 'r', limit: 1 }),
    ).body;
    const until = new Date(Date.parse(String(server_time)) + 60_000).toISOString();
    await queueJobs(tenant, 1);
    await freeze(tenant.otto, { kind: 'source', id: SOURCE }, { until });
    expect(await claimed(tenant.runner)).toBe(0);
    await plane.advance(tenant, 61_000);
    expect(await claimed(tenant.runner)).toBe(2);
    const { entries = [] } = must(await tenant.olivia.get('/v1/ledger?limit=500')).body;
    expect(entries.find(({ type }) => type === 'freeze.lifted')).toMatchObject({ actor: { kind: 'system' } });
    await expectWhole(tenant);
  });

  test.each<[string, object, ErrorCode]>([
    ['a source', { kind: 'source', id: 'src_none' }, 'source_not_found'],
    ['a contract', { kind: 'contract', id: 'ctr_none' }, 'contract_not_found'],
    ['an agent', { kind: 'agent', id: 'crd_runner' }, 'credential_not_found'],
    ['a runner', { kind: 'runner', id: 'nobody' }, 'runner_not_found'],
  ])('that is not there is refused: %s', async (_what, scope, code) => {
    const tenant = await plane.tenantWithOwnRows();
    expectProblem(await tenant.otto.post('/v1/freezes', { scope, reason }), code);
  });
});

describe('a freeze of an agent', () => {
  test('moves its jobs out of the queue, and those that come into it', async () => {
    const tenant = await plane.tenant();
    const first = await rehearsedAndApproved(tenant, await request(tenant.agent));
    await queueJobs(tenant, 1);
    const id = await freeze(tenant.otto, { kind: 'agent', id: 'crd_agent' });
    await plane.advance(tenant, 10);
    expect(await depths(tenant)).toMatchObject({ queued: 1, frozen: 1 });
    const second = await rehearsedAndApproved(tenant, await request(tenant.agent));
    expect(await depths(tenant)).toMatchObject({ queued: 1, frozen: 2 });
    expect(await claimed(tenant.runner)).toBe(1);
    const { body } = must(await tenant.olivia.get(`/v1/proposals/${second}`));
    expect(Object(body).waiting).toMatchObject({ why: expect.stringContaining('freeze') });
    must(await lift(tenant.otto, id));
    await plane.advance(tenant, 10);
    expect(await depths(tenant)).toMatchObject({ queued: 2, frozen: 0 });
    const jobs = must(await claim(tenant.runner)).body.jobs ?? [];
    expect(jobs.map(({ proposal_id }) => proposal_id)).toEqual([first, second]);
    await expectWhole(tenant);
  });
});

async function rehearsedAndApproved(tenant: TestTenant, proposalId: string): Promise<string> {
  await rehearse(tenant, proposalId);
  await approve(tenant.ada, proposalId);
  return proposalId;
}

describe('a freeze of a contract', () => {
  test('goes through long queues a piece at a time, and gives everything back in its order', async () => {
    const tenant = await plane.tenant();
    await queueJobs(tenant, 1);
    const proposalId = await propose(tenant.service);
    await approve(tenant.ada, proposalId);
    const contract = await contractOf(tenant);
    const id = await freeze(tenant.otto, { kind: 'contract', id: contract });
    expect(await claimed(tenant.runner)).toBe(0);
    await plane.advance(tenant, 10);
    expect(await depths(tenant)).toMatchObject({ queued: 0, frozen: 2 });
    const [one] = Object(must(await tenant.vera.get('/v1/freezes')).body.freezes);
    expect(one).toMatchObject({ freeze_id: id, is_scanning: false, state: 'in_force' });
    must(await tenant.otto.post(`/v1/proposals/${proposalId}/cancel`, {}));
    must(await lift(tenant.otto, id));
    await plane.advance(tenant, 10);
    expect(await depths(tenant)).toMatchObject({ queued: 1, frozen: 0 });
    await expectWhole(tenant);
  });
});

async function contractOf({ project, olivia }: TestTenant): Promise<string> {
  const { body } = must(await olivia.get(`/v1/control/projects/${project}/agent-contracts`));
  const [first] = Object(body).contracts;
  return String(first.contract_id);
}
