import { beforeAll, describe, expect, test } from 'vitest';
import * as z from 'zod';
import { expectProblem } from '../../support/expect-problem.ts';
import { leaseJob, propose, queueJob, report, requestAndRehearse } from '../../support/flow.ts';
import { must } from '../../support/must.ts';
import { type SharedPlane, sharedPlane } from '../../support/shared-planes.ts';
import { everybody, type TestTenant } from '../../support/tenant.ts';

let plane: SharedPlane;
let tenant: TestTenant;
beforeAll(async () => {
  plane = await sharedPlane();
});

const DETAILS = '/v1/engine/health?details=true';

interface Stuck {
  readonly kind: string;
  readonly id: string;
  readonly why: string;
  readonly since: string;
  readonly next: string;
}

async function health(of: TestTenant) {
  return must(await of.olivia.get('/v1/engine/health')).body;
}

async function details(of: TestTenant) {
  const { body } = must(await of.otto.get(DETAILS));
  return Object(body.details) as {
    readonly turns: Record<string, { p50: number; p90: number; p99: number; max: number }> & {
      count: number;
    };
    readonly row_memory: { hits: number; misses: number };
    readonly alarm: { at: string | null; next_due: { what: string; at: string } | null };
    readonly stuck: { is_whole: boolean; items: readonly Stuck[] };
    readonly failed_guards: number;
    readonly overloads: number;
    readonly last_sweep_at: string | null;
  };
}

const stuckBy = async (of: TestTenant, why: string) =>
  (await details(of)).stuck.items.filter((item) => item.why === why);

describe('the health of an engine', () => {
  test('counts what waits, names the oldest, and says since when its object is up', async () => {
    tenant = await plane.tenant();
    const id = await propose(tenant.service);
    await leaseJob(tenant);
    expect(await health(tenant)).toMatchObject({
      status: 'ok',
      depths: { pending_review: 1, leased: 1 },
      leases: { jobs: 1, actions: 0, tasks: 0 },
      oldest: { pending_review: expect.any(String), lease_expires_at: expect.any(String) },
      reconcile_backlog: { proposals: 0, actions: 0 },
      object: { started_at: expect.any(String), uptime_seconds: expect.any(Number) },
    });
    expect(await health(tenant)).not.toHaveProperty('details');
    expect(id).toMatch(/^wrp_/);
  });

  test('counts what nobody can tell of, and names it', async () => {
    tenant = await plane.tenant();
    const job = await leaseJob(tenant);
    const unknown = { status: 'reconciliation_required', affected_rows: 0, intent_id: 'int_1' };
    must(await report(tenant.runner, job, unknown));
    expect(await health(tenant)).toMatchObject({
      reconcile_backlog: { proposals: 1, actions: 0 },
      depths: { leased: 0 },
    });
    expect(await stuckBy(tenant, 'reconciliation_required')).toMatchObject([
      { kind: 'proposal', id: job.proposal_id, next: `countersign replay ${job.proposal_id}` },
    ]);
    expect(must(await tenant.olivia.post('/v1/maintenance/rebuild')).body).toMatchObject({
      ok: true,
      differences: [],
    });
  });
});

describe('the details', () => {
  test('are for owners, admins and operators', async () => {
    tenant = await plane.tenant();
    for (const who of everybody) {
      const { status } = await tenant[who].get(DETAILS);
      const may = who === 'olivia' || who === 'adam' || who === 'otto';
      expect(status, who).toBe(may ? 200 : 403);
    }
    expectProblem(await tenant.vera.get(DETAILS), 'forbidden');
    expectProblem(await tenant.otto.get('/v1/engine/health?details=yes'), 'validation_failed');
  });

  test('say how turns went, what memory saved, and what the alarm is for', async () => {
    tenant = await plane.tenant();
    for (let count = 0; count < 3; count += 1) await propose(tenant.service);
    const { alarm, failed_guards, last_sweep_at, overloads, row_memory, turns } = await details(tenant);
    expect(turns.count).toBeGreaterThanOrEqual(4);
    for (const figure of ['ms', 'commands', 'rows_read', 'rows_written']) {
      const { p50 = -1, p90 = -1, p99 = -1, max = -1 } = turns[figure] ?? {};
      expect(p50).toBeGreaterThanOrEqual(0);
      expect([p50, p90, p99, max]).toEqual([p50, p90, p99, max].toSorted((a, b) => a - b));
    }
    expect(turns.rows_written?.max).toBeGreaterThan(0);
    expect(row_memory.hits).toBeGreaterThan(0);
    expect(row_memory.misses).toBeGreaterThan(0);
    expect(alarm.next_due?.what).toBe('proposals/review');
    expect(alarm.at).toBe(alarm.next_due?.at);
    expect({ failed_guards, overloads, last_sweep_at }).toEqual({
      failed_guards: 0,
      overloads: 0,
      last_sweep_at: null,
    });
  });

  test('count a guard that failed', async () => {
    tenant = await plane.tenant();
    await propose(tenant.service);
    await plane.query("UPDATE heads SET nonce = 'moved' WHERE tenant = ?1", tenant.project);
    await propose(tenant.service);
    expect((await details(tenant)).failed_guards).toBe(1);
  });

  test('name what is stuck, longest first, with what gets it moving', async () => {
    tenant = await plane.tenant();
    const waiting = await propose(tenant.service);
    const queued = await queueJob(tenant);
    const leased = await leaseJob(tenant);
    const rehearsed = await requestAndRehearse(tenant);
    expect(await stuckBy(tenant, 'waits_for_people')).toMatchObject([
      { id: waiting, next: `countersign proposals show ${waiting}` },
      { id: rehearsed },
    ]);
    expect(leased.proposal_id).toBe(queued);
    expect(await stuckBy(tenant, 'waits_for_runner')).toHaveLength(1);
    expect(await stuckBy(tenant, 'lease_not_swept')).toEqual([]);

    const past = Date.now() - 60_000;
    const sql = "UPDATE proposals SET rank = ?2 WHERE tenant = ?1 AND lane = 'lease'";
    await plane.query(sql, tenant.project, past);
    const since = new Date(past).toISOString();
    expect(await stuckBy(tenant, 'lease_not_swept')).toMatchObject([{ id: queued, since }]);

    await plane.query(
      "UPDATE proposals SET lane = 'dead' WHERE tenant = ?1 AND lane = 'lease'",
      tenant.project,
    );
    expect(await stuckBy(tenant, 'dead_letter')).toMatchObject([
      { id: queued, next: `countersign jobs requeue wbj_${queued}` },
    ]);
    const { items } = (await details(tenant)).stuck;
    const times = items.map((item) => item.since);
    expect(times).toEqual(times.toSorted());
  });

  test('name what a freeze holds, and the freeze', async () => {
    tenant = await plane.tenant();
    const held = await queueJob(tenant);
    await plane.query(
      "UPDATE proposals SET lane = 'frozen/frz_1' WHERE tenant = ?1 AND proposal_id = ?2",
      tenant.project,
      held,
    );
    expect(await stuckBy(tenant, 'frozen')).toMatchObject([
      { id: held, next: 'countersign fleet lift frz_1' },
    ]);
  });

  test('are bounded: a few of each lane, and of other tenants none', async () => {
    const [mine, other] = [await plane.tenant(), await plane.tenant()];
    await propose(other.service);
    for (let count = 0; count < 5; count += 1) await propose(mine.service);
    const { items } = (await details(mine)).stuck;
    expect(items).toHaveLength(3);
    expect((await details(other)).stuck.items).toHaveLength(1);
  });
});

test('how work went is told to everybody in the project, and holds nothing of what was written', async () => {
  tenant = await plane.tenant();
  must(await report(tenant.runner, await leaseJob(tenant)));
  for (const who of [tenant.otto, tenant.vera]) {
    const { body } = must(await who.get('/v1/engine/history'));
    const { applies, decision_seconds, pieces, queue_seconds } = historySchema.parse(body);
    expect(applies.applied).toHaveLength(pieces);
    expect(applies.applied.reduce((sum, count) => sum + count, 0)).toBe(1);
    for (const { longest } of [decision_seconds, queue_seconds])
      expect(longest.filter((value) => value !== null)).toHaveLength(1);
    expect(JSON.stringify(body)).not.toContain('late_fee');
  }
  expectProblem(await tenant.agent.get('/v1/engine/history'), 'forbidden');
});

const waits = z.strictObject({
  median: z.array(z.number().nullable()),
  longest: z.array(z.number().nullable()),
});
const counts = z.array(z.number());
const historySchema = z.strictObject({
  ok: z.literal(true),
  entries: z.int().min(1),
  since: z.iso.datetime(),
  until: z.iso.datetime(),
  pieces: z.int(),
  applies: z.strictObject({ applied: counts, conflict: counts, failed: counts, other: counts }),
  queue_seconds: waits,
  decision_seconds: waits,
  lapses: z.strictObject({ changes: counts, actions: counts, tasks: counts }),
});

describe('the cache of conditions', () => {
  const STATS = '/v1/engine/expression_cache/stats';
  const stats = async (of: TestTenant) => must(await of.otto.get(STATS)).body;
  const policy = (name: string, when: string) => ({
    policy: { name, applies_to: ['*'], when, effect: 'ask', requires: { approvals: 1 } },
  });

  test('says what was compiled, what was wrong, and what was at hand, by policy', async () => {
    tenant = await plane.tenant();
    const name = `stats-${tenant.project.slice(-8)}`;
    expect(await stats(tenant)).toMatchObject({
      size: 0,
      hits: 0,
      misses: 0,
      compile_errors: 0,
      by_policy: [],
    });
    expect((await tenant.otto.post('/v1/policies', policy(name, 'nowhere > 1'))).status).toBe(422);
    expect(await stats(tenant)).toMatchObject({ misses: 1, compile_errors: 1 });
    const { body } = must(await tenant.olivia.post('/v1/policies', policy(name, `reason != "${name}"`)));
    must(await tenant.olivia.post(`/v1/policies/${name}/activate`, { digest: body.digest }));
    for (let count = 0; count < 3; count += 1) await propose(tenant.service);
    const after = await stats(tenant);
    expect(after).toMatchObject({ compile_errors: 1, failures: 0, by_policy: [{ name, compile_errors: 1 }] });
    expect(Number(after.hits)).toBeGreaterThanOrEqual(2);
    expect(Number(after.evaluations)).toBeGreaterThanOrEqual(3);
    expect(Number(after.size)).toBeGreaterThanOrEqual(1);
    expect(Number(after.compile_ms_total)).toBeGreaterThanOrEqual(Number(after.compile_ms_max));
  });

  test('tells nothing of other tenants', async () => {
    const other = await plane.tenant();
    expect(await stats(other)).toMatchObject({ hits: 0, misses: 0, evaluations: 0, size: 0, by_policy: [] });
    expectProblem(await other.vera.get(STATS), 'forbidden');
  });
});
