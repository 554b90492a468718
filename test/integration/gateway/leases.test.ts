import { beforeAll, describe, expect, test } from 'vitest';
import { proposal, SOURCE } from '../../support/change-set.ts';
import { CLOCK_START } from '../../support/clocked-protocol.ts';
import { expectProblem } from '../../support/expect-problem.ts';
import {
  approve,
  claimOne,
  entryTypes,
  leaseJob,
  propose,
  queueJob,
  RUNNER,
  read,
  release,
  renew,
  report,
} from '../../support/flow.ts';
import type { WireJob } from '../../support/http.ts';
import { must } from '../../support/must.ts';
import { type SharedClockedPlane, sharedClockedPlane } from '../../support/shared-planes.ts';
import type { TestTenant } from '../../support/tenant.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const DAY = 24 * 60 * MINUTE;
const LEASE = 30 * SECOND;
const MOST_ATTEMPTS = 5;

let plane: SharedClockedPlane;
beforeAll(async () => {
  plane = await sharedClockedPlane();
});

const claimAll = async (tenant: TestTenant) =>
  must(
    await tenant.runner.post('/v1/writeback/jobs/claim', { source_id: SOURCE, runner_id: RUNNER, limit: 50 }),
  ).body.jobs ?? [];
const stateOf = async (tenant: TestTenant, proposalId: string) => {
  const { status, job } = await read(tenant.olivia, proposalId);
  return [status, job?.status];
};

describe('a lease', () => {
  test('holds until its last millisecond, and then the job is anybody’s, with a new attempt', async () => {
    const tenant = await plane.tenant();
    const job = await leaseJob(tenant);
    expect(Date.parse(job.lease_expires_at)).toBe(CLOCK_START + LEASE);
    await plane.advance(tenant, LEASE - 1);
    expect(await claimAll(tenant)).toEqual([]);
    await plane.advance(tenant, 1);
    const again = await claimOne(tenant.otherRunner, { runner_id: 'runner-2' });
    expect([again.job_id, again.attempt_count, again.idempotency_key]).toEqual([
      job.job_id,
      2,
      job.idempotency_key,
    ]);
    expect(again.lease_id).not.toBe(job.lease_id);
    expectProblem(await renew(tenant.runner, job), 'lease_lost');
    expect((await entryTypes(tenant, job.proposal_id)).slice(2)).toEqual([
      'job.leased',
      'job.lease_expired',
      'job.leased',
    ]);
  });

  test('that is renewed lasts from then on', async () => {
    const tenant = await plane.tenant();
    const job = await leaseJob(tenant);
    await plane.advance(tenant, LEASE - 1);
    must(await renew(tenant.runner, job, { lease_seconds: 60 }));
    await plane.advance(tenant, MINUTE - 1);
    expect(await claimAll(tenant)).toEqual([]);
    await plane.advance(tenant, 1);
    expect(await claimAll(tenant)).toHaveLength(1);
  });

  test('that has lapsed still lets its runner tell what it did', async () => {
    const tenant = await plane.tenant();
    const job = await leaseJob(tenant);
    await plane.advance(tenant, LEASE);
    must(await report(tenant.runner, job));
    expect(await stateOf(tenant, job.proposal_id)).toEqual(['applied', 'applied']);
    expect(await claimAll(tenant)).toEqual([]);
  });

  test('gives authority to begin for ten seconds, never longer than itself', async () => {
    const tenant = await plane.tenant();
    const long = await leaseJob(tenant, { lease_seconds: 600 });
    expect(Date.parse(long.write_by)).toBe(CLOCK_START + 10 * SECOND);
    const short = await leaseJob(tenant, { lease_seconds: 5 });
    expect(Date.parse(short.write_by)).toBe(CLOCK_START + 5 * SECOND);
  });

  test('given back because the database is away lets the job rest', async () => {
    const tenant = await plane.tenant();
    const job = await leaseJob(tenant);
    must(await release(tenant.runner, job, { reason: 'database_unavailable' }));
    expect(await claimAll(tenant)).toEqual([]);
    await plane.advance(tenant, 5 * SECOND - 1);
    expect(await claimAll(tenant)).toEqual([]);
    await plane.advance(tenant, 1);
    expect(await claimAll(tenant)).toHaveLength(1);
  });
});

describe('a job whose runners keep vanishing', () => {
  /** Lets its lease lapse as often as it takes. */
  const exhaust = async (tenant: TestTenant): Promise<WireJob> => {
    let job = await leaseJob(tenant);
    for (let attempt = 1; attempt <= MOST_ATTEMPTS; attempt += 1) {
      if (attempt > 1) job = await claimOne(tenant.runner);
      expect(job.attempt_count).toBe(attempt);
      await plane.advance(tenant, LEASE);
    }
    return job;
  };

  test('becomes a dead letter, which nobody is given and which everybody can see', async () => {
    const tenant = await plane.tenant();
    const job = await exhaust(tenant);
    expect(await claimAll(tenant)).toEqual([]);
    expect(await stateOf(tenant, job.proposal_id)).toEqual(['approved', 'dead_letter']);
    const { body } = must(await tenant.otto.get('/v1/proposals?job_status=dead_letter'));
    expect(body.proposals?.map(({ proposal_id }) => proposal_id)).toEqual([job.proposal_id]);
    const health = must(await tenant.vera.get('/v1/engine/health')).body;
    expect(health.depths).toEqual({
      pending_review: 0,
      rehearsing: 0,
      queued: 0,
      held_back: 0,
      frozen: 0,
      leased: 0,
      dead_letter: 1,
    });
    expectProblem(
      await tenant.otto.post(`/v1/proposals/${job.proposal_id}/cancel`),
      'proposal_not_cancelable',
    );
    expectProblem(await renew(tenant.runner, job), 'lease_lost');
  });

  test('is tried again under the same key when a person says so', async () => {
    const tenant = await plane.tenant();
    const job = await exhaust(tenant);
    expectProblem(await tenant.ada.post(`/v1/jobs/${job.job_id}/requeue`), 'forbidden');
    must(await tenant.otto.post(`/v1/jobs/${job.job_id}/requeue`, { reason: 'the network is back' }));
    expectProblem(await tenant.otto.post(`/v1/jobs/${job.job_id}/requeue`), 'job_not_dead');
    const again = await claimOne(tenant.runner);
    expect([again.attempt_count, again.idempotency_key]).toEqual([MOST_ATTEMPTS + 1, job.idempotency_key]);
    must(await report(tenant.runner, again));
    expect(await stateOf(tenant, job.proposal_id)).toEqual(['applied', 'applied']);
  });

  test('has all its attempts again after that', async () => {
    const tenant = await plane.tenant();
    const job = await exhaust(tenant);
    must(await tenant.otto.post(`/v1/jobs/${job.job_id}/requeue`));
    await claimOne(tenant.runner);
    await plane.advance(tenant, LEASE);
    expect(await stateOf(tenant, job.proposal_id)).toEqual(['approved', 'queued']);
  });

  test('is given up when a person says so', async () => {
    const tenant = await plane.tenant();
    const job = await exhaust(tenant);
    must(await tenant.otto.post(`/v1/jobs/${job.job_id}/discard`, { reason: 'no longer wanted' }));
    expect(await stateOf(tenant, job.proposal_id)).toEqual(['canceled', 'canceled']);
    expectProblem(await tenant.otto.post(`/v1/jobs/${job.job_id}/discard`), 'job_not_dead');
    expect(await claimAll(tenant)).toEqual([]);
  });

  test('is settled by the truth, when the last of them speaks after all', async () => {
    const tenant = await plane.tenant();
    const job = await exhaust(tenant);
    must(await report(tenant.runner, job));
    expect(await stateOf(tenant, job.proposal_id)).toEqual(['applied', 'applied']);
    expectProblem(await tenant.otto.post(`/v1/jobs/${job.job_id}/requeue`), 'job_not_dead');
  });

  test('given back, it never becomes one', async () => {
    const tenant = await plane.tenant();
    await queueJob(tenant);
    for (let time = 0; time < 3 * MOST_ATTEMPTS; time += 1)
      must(await release(tenant.runner, await claimOne(tenant.runner)));
    expect((await claimOne(tenant.runner)).attempt_count).toBe(3 * MOST_ATTEMPTS + 1);
  });
});

describe('a proposal that nobody decides', () => {
  test('expires, and then no decision counts', async () => {
    const tenant = await plane.tenant();
    const id = await propose(tenant.service, {}, { expires_in_seconds: 60 });
    await plane.advance(tenant, MINUTE - 1);
    expect(await stateOf(tenant, id)).toEqual(['pending_review', undefined]);
    await plane.advance(tenant, 1);
    expect(await stateOf(tenant, id)).toEqual(['expired', undefined]);
    for (const verb of ['approve', 'reject'])
      expectProblem(await tenant.ada.post(`/v1/proposals/${id}/${verb}`), 'proposal_expired');
    expect(await claimAll(tenant)).toEqual([]);
    const runners = must(await tenant.runner.get(`/v1/runner/proposals/${id}`)).body;
    expect([runners.status, runners.terminal]).toEqual(['canceled', true]);
  });

  test('expires after a week when nothing else is said', async () => {
    const tenant = await plane.tenant();
    const id = await propose(tenant.service);
    await plane.advance(tenant, 7 * DAY - 1);
    expect(await stateOf(tenant, id)).toEqual(['pending_review', undefined]);
    await plane.advance(tenant, 1);
    expect(await stateOf(tenant, id)).toEqual(['expired', undefined]);
  });

  test('that was approved does not expire any more', async () => {
    const tenant = await plane.tenant();
    const id = await propose(tenant.service, {}, { expires_in_seconds: 60 });
    await approve(tenant.ada, id);
    await plane.advance(tenant, DAY);
    expect((await claimOne(tenant.runner)).proposal_id).toBe(id);
  });

  test('many at once expire together', async () => {
    const tenant = await plane.tenant();
    await Promise.all(
      Array.from({ length: 250 }, () => propose(tenant.service, {}, { expires_in_seconds: 60 })),
    );
    await plane.advance(tenant, MINUTE);
    const { depths } = must(await tenant.vera.get('/v1/engine/health')).body;
    expect(Object(depths).pending_review).toBe(0);
  });
});

describe('other times', () => {
  test('a runner that says nothing for a while is stale, and back at its next word', async () => {
    const tenant = await plane.tenant();
    const status = async () =>
      must(await tenant.vera.get('/v1/runners')).body.runners?.map((runner) => runner.status);
    must(
      await tenant.runner.post('/v1/runner/register', {
        schema_version: 'synapsor.runner-registration.v1',
        runner_id: RUNNER,
        runner_version: '1.0.0',
        engines: ['postgres'],
        capabilities: ['writeback:claim'],
        scope: { project_id: 'token_scope', source_ids: [SOURCE] },
        registered_at: '2026-01-01T00:00:00Z',
      }),
    );
    await plane.advance(tenant, 150 * SECOND - 1);
    expect(await status()).toEqual(['online']);
    await plane.advance(tenant, 1);
    expect(await status()).toEqual(['stale']);
    must(await tenant.runner.post('/v1/runner/heartbeat', { runner_id: RUNNER }));
    expect(await status()).toEqual(['online']);
    await plane.advance(tenant, 3 * MINUTE);
    await queueJob(tenant);
    await claimOne(tenant.runner);
    expect(await status()).toEqual(['online']);
  });

  test('a key counts for a day at least, and not for ever', async () => {
    const tenant = await plane.tenant();
    const keyed = () =>
      tenant.service.post('/v1/proposals', proposal(), { headers: { 'idempotency-key': 'k' } });
    await plane.advance(tenant, DAY - 1);
    const first = must(await keyed()).body.proposal_id;
    await plane.advance(tenant, DAY);
    expect(must(await keyed()).body.proposal_id).toBe(first);
    await plane.advance(tenant, DAY);
    expect(must(await keyed()).body.proposal_id).not.toBe(first);
  });

  test('a token that expires stops at its moment', async () => {
    const tenant = await plane.tenant();
    await plane.query(
      `UPDATE credentials SET expires_at = ${CLOCK_START + MINUTE} WHERE tenant = ?1`,
      tenant.project,
    );
    await plane.advance(tenant, MINUTE - 1);
    must(await tenant.runner.get('/v1/writeback/runner/doctor'));
    await leaseJob(tenant);
    await plane.advance(tenant, 1);
    expectProblem(await tenant.runner.get('/v1/writeback/runner/doctor'), 'token_expired');
    expectProblem(await tenant.service.post('/v1/proposals', proposal()), 'token_expired');
  });
});
