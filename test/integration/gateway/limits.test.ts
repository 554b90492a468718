import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { proposal, SOURCE } from '../../support/change-set.ts';
import { eventually } from '../../support/eventually.ts';
import { expectProblem } from '../../support/expect-problem.ts';
import { claimOne, propose, queueJob, RUNNER, report, request } from '../../support/flow.ts';
import type { Answer } from '../../support/http.ts';
import { LiveSocket, liveTicket } from '../../support/live-socket.ts';
import { must } from '../../support/must.ts';
import { type DeployedPlane, startTestPlane } from '../../support/plane.ts';
import type { Client, TestTenant } from '../../support/tenant.ts';

/** Of every project here: so small that a test reaches them. */
const limits = {
  agent_requests_per_minute: 100,
  requests_per_minute_each: 60,
  open_proposals: 10,
  held_polls: 2,
  live_sockets: 2,
} as const;

let plane: DeployedPlane;
beforeAll(async () => {
  plane = await startTestPlane({ limits: { everywhere: limits, projects: {} } });
}, 60_000);
afterAll(() => plane.stop());

const HEADER = 'countersign-limit-warning';
const ask = (client: Client): Promise<Answer> => client.get('/v1/capabilities');

/** So many requests, some at a time. */
async function flood(client: Client, times: number): Promise<readonly Answer[]> {
  const answers: Answer[] = [];
  while (answers.length < times)
    answers.push(...(await Promise.all(Array.from({ length: 10 }, () => ask(client)))));
  return answers;
}

const statuses = (answers: readonly Answer[]) => new Set(answers.map(({ status }) => status));

async function neared({ olivia }: TestTenant): Promise<readonly Record<string, unknown>[]> {
  const { entries = [] } = must(await olivia.get('/v1/ledger?limit=100')).body;
  return entries.filter(({ type }) => type === 'limit.neared').map(({ body }) => body);
}

interface Limit {
  readonly name: string;
  readonly used: number;
  readonly limit: number;
  readonly neared_at: string | null;
}

async function limitsOf({ vera }: TestTenant): Promise<ReadonlyMap<string, Limit>> {
  const { limits: found } = must(await vera.get('/v1/limits')).body;
  return new Map((found as readonly Limit[]).map((one) => [one.name, one]));
}

async function untilHeld(tenant: TestTenant, polls: number): Promise<void> {
  await eventually(
    async () => (await limitsOf(tenant)).get('held_polls')?.used,
    (used) => used === polls,
  );
}

describe('a flood of one tenant', () => {
  test('is warned, noted once and refused by name, and a neighbour in the same run is not', async () => {
    const [noisy, quiet] = [await plane.tenant(), await plane.tenant()];
    const [flooded, others] = await Promise.all([flood(noisy.agent, 150), flood(quiet.agent, 30)]);
    expect(statuses(others)).toEqual(new Set([200]));
    expect(others.every(({ headers }) => headers[HEADER] === undefined)).toBe(true);
    expect(statuses(flooded)).toEqual(new Set([200, 429]));

    const warned = flooded.filter(({ headers, status }) => status === 200 && headers[HEADER] !== undefined);
    expect(warned.length).toBeGreaterThan(0);
    expect(warned[0]?.headers[HEADER]).toMatch(/^requests_per_minute_each; used=\d+; limit=60/);

    const refused = flooded.find(({ status }) => status === 429);
    expectProblem(refused as Answer, 'limit_reached');
    expect(refused?.body).toMatchObject({
      retryable: true,
      limit: { name: 'requests_per_minute_each', limit: 60 },
    });
    expect(Number(refused?.headers['retry-after'])).toBeGreaterThanOrEqual(1);
    expect(Number(refused?.body.retry_after_ms)).toBeLessThanOrEqual(60_000);

    await eventually(
      () => neared(noisy),
      ({ length }) => length > 0,
    );
    expect(await neared(noisy)).toMatchObject([{ name: 'requests_per_minute_each', limit: 60 }]);
    expect(await neared(quiet)).toEqual([]);
    expect((await limitsOf(noisy)).get('requests_per_minute_each')).toMatchObject({
      neared_at: expect.any(String),
    });
    expect(must(await noisy.olivia.post('/v1/maintenance/rebuild')).body).toMatchObject({ differences: [] });
  });

  test('leaves operators the stop, runners their reports, and other agents their part', async () => {
    const tenant = await plane.tenant();
    await queueJob(tenant);
    const job = await claimOne(tenant.runner);
    const flooding = flood(tenant.agent, 300);
    const stopped = await tenant.otto.post('/v1/stop', { reason: 'an agent has run wild' });
    expect(stopped.status).toBe(201);
    expect((await report(tenant.runner, job)).status).toBe(200);
    expect(must(await tenant.olivia.get('/v1/runners')).status).toBe(200);
    expect(must(await ask(tenant.otherAgent)).status).toBe(200);
    expect(statuses(await flooding)).toContain(429);
  });

  test('of somebody who is no member tells them nothing', async () => {
    const tenant = await plane.tenant();
    const mallory = tenant.bearing(await plane.issuers.get('members').sign('mallory'));
    const answers = await flood(mallory, 100);
    expect(statuses(answers)).toEqual(new Set([404]));
    expect(new Set(answers.map(({ body }) => body.message)).size).toBe(1);
    expect(answers.every(({ headers }) => headers[HEADER] === undefined)).toBe(true);
    expect(await neared(tenant)).toEqual([]);
  });

  test('is over for whoever comes back when told', async () => {
    const tenant = await plane.tenant();
    const refused = (await flood(tenant.agent, 80)).find(({ status }) => status === 429);
    await new Promise((resolve) => setTimeout(resolve, Number(refused?.headers['retry-after']) * 1_000));
    expect((await ask(tenant.agent)).status).toBe(200);
  });
});

describe('a limit of how many there are', () => {
  test('refuses one more however they are asked for at once, and lets in what takes the place of one', async () => {
    const tenant = await plane.tenant();
    const asked = await Promise.all(
      Array.from({ length: 25 }, (_, row) => tenant.service.post('/v1/proposals', other(row))),
    );
    const made = asked.filter(({ status }) => status < 300);
    const refused = asked.filter(({ status }) => status === 429);
    expect([made.length, refused.length]).toEqual([10, 15]);
    for (const answer of refused) expectProblem(answer, 'limit_reached');
    expect(refused[0]?.body.limit).toEqual({ name: 'open_proposals', used: 10, limit: 10 });
    expect(await neared(tenant)).toHaveLength(1);
    const id = String(made[0]?.body.proposal_id);
    must(await tenant.otto.post(`/v1/proposals/${id}/cancel`, { reason: 'not needed' }));
    expect((await limitsOf(tenant)).get('open_proposals')).toMatchObject({ used: 9, limit: 10 });
    expect((await tenant.service.post('/v1/proposals', other(99))).status).toBe(201);
  });

  test('gives a repetition its first answer when it is full', async () => {
    const tenant = await plane.tenant();
    const headers = { 'idempotency-key': 'once' };
    const first = must(await tenant.service.post('/v1/proposals', other(0), { headers }));
    for (let row = 1; row < 10; row += 1) must(await tenant.service.post('/v1/proposals', other(row)));
    expect((await tenant.service.post('/v1/proposals', other(10))).status).toBe(429);
    const again = must(await tenant.service.post('/v1/proposals', other(0), { headers }));
    expect(again.body.proposal_id).toBe(first.body.proposal_id);
  });
});

test('a socket beyond those that may be open is refused when its ticket is asked for, and when it is opened', async () => {
  const tenant = await plane.tenant();
  const early = await liveTicket(tenant.vera);
  const feeds = [
    await LiveSocket.open(plane.origin, tenant.olivia),
    await LiveSocket.open(plane.origin, tenant.vera),
  ];
  const refused = await tenant.vera.post('/v1/live/tickets');
  expectProblem(refused, 'limit_reached');
  expect(refused.body.limit).toMatchObject({ name: 'live_sockets', limit: 2 });
  const late = new LiveSocket(plane.origin, early);
  await late.closed.promise;
  expect(late.messages).toEqual([]);
  feeds[0]?.close();
  await eventually(
    async () => (await limitsOf(tenant)).get('live_sockets')?.used,
    (used) => used === 1,
  );
  (await LiveSocket.open(plane.origin, tenant.ada)).close();
  feeds[1]?.close();
});

test('a poll beyond those that may be held is refused at once, and who holds one keeps it', async () => {
  const tenant = await plane.tenant();
  const claim = (wait_seconds: number) =>
    tenant.runner.post('/v1/writeback/jobs/claim', {
      source_id: SOURCE,
      runner_id: RUNNER,
      limit: 1,
      wait_seconds,
    });
  const held = [claim(5), claim(5)];
  await untilHeld(tenant, 2);
  const refused = await claim(5);
  expectProblem(refused, 'limit_reached');
  expect(refused.body.limit).toMatchObject({ name: 'held_polls', limit: 2 });
  for (const answer of await Promise.all(held)) expect(answer.status).toBe(200);
  await untilHeld(tenant, 0);
});

test('the limits are named one by one, with what is used', async () => {
  const tenant = await plane.tenant();
  await propose(tenant.service);
  await request(tenant.agent);
  const found = await limitsOf(tenant);
  expect(found.get('open_proposals')).toMatchObject({ used: 2, limit: 10 });
  expect(found.get('credentials')).toMatchObject({ used: 5 });
  expect(found.get('contract_versions')).toMatchObject({ used: 1 });
});

/** A proposal about another row than any before. */
function other(row: number) {
  const id = `INV-${row}`;
  const scope = { tenant_id: 'acme', business_object: 'invoice', object_id: id };
  const source = {
    kind: 'external_postgres',
    source_id: 'billing',
    schema: 'public',
    table: 'invoices',
    primary_key: { column: 'invoice_id', value: id },
  };
  return proposal({ scope, source });
}
