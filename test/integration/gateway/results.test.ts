import { beforeAll, describe, expect, test } from 'vitest';
import { OTHER_SOURCE } from '../../support/change-set.ts';
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
import { type SharedPlane, sharedPlane } from '../../support/shared-planes.ts';
import { snapshot } from '../../support/snapshot.ts';
import type { TestTenant } from '../../support/tenant.ts';

let plane: SharedPlane;
let tenant: TestTenant;
beforeAll(async () => {
  plane = await sharedPlane();
  tenant = await plane.tenant();
});

async function unchanged<Value>(asked: () => Promise<Value>): Promise<Value> {
  const before = await snapshot(plane, tenant.project);
  const answer = await asked();
  expect(await snapshot(plane, tenant.project), 'nothing has changed').toEqual(before);
  return answer;
}

const results = async (job: WireJob) =>
  (await entryTypes(tenant, job.proposal_id)).filter((type) => type.startsWith('writeback.'));

describe('a result under a lease', () => {
  test('that never was is refused', async () => {
    const job = await leaseJob(tenant);
    const [last = ''] = job.lease_id.slice(-1);
    for (const lease_id of [
      'lse_none',
      'x',
      `${job.lease_id.slice(0, 5)}${last}${job.lease_id.slice(6)}`,
      job.lease_id.toLowerCase(),
    ]) {
      if (lease_id === job.lease_id) continue;
      expectProblem(await unchanged(() => report(tenant.runner, job, { lease_id })), 'lease_unknown');
    }
    must(await report(tenant.runner, job));
  });

  test('of another job is refused', async () => {
    const [one, two] = [await leaseJob(tenant), await leaseJob(tenant)];
    const mixed = () => report(tenant.runner, one, { lease_id: two.lease_id });
    expectProblem(await unchanged(mixed), 'lease_unknown');
    for (const job of [one, two]) must(await report(tenant.runner, job));
  });

  test('that was given to another runner is refused', async () => {
    const job = await leaseJob(tenant);
    const foreign = await unchanged(() => report(tenant.otherRunner, job, { runner_id: 'runner-2' }));
    expectProblem(foreign, 'lease_foreign');
    must(await report(tenant.runner, job));
  });

  test('for another job than the path says is refused', async () => {
    const job = await leaseJob(tenant);
    expectProblem(
      await unchanged(() => report(tenant.runner, job, { job_id: 'wbj_other' })),
      'job_not_found',
    );
    must(await report(tenant.runner, job));
  });

  test.each([
    [{ status: 'applied' }, 'applied', 'applied'],
    [{ status: 'already_applied', affected_rows: 0 }, 'applied', 'already_applied'],
    [{ status: 'conflict', affected_rows: 0, error_code: 'VERSION_CONFLICT' }, 'conflict', 'conflict'],
    [{ status: 'failed', affected_rows: 0, error_code: 'TRANSACTION_FAILED' }, 'failed', 'failed'],
    [{ status: 'canceled', affected_rows: 0 }, 'canceled', 'canceled'],
    [
      { status: 'reconciliation_required', affected_rows: 0, intent_id: 'int_1' },
      'indeterminate',
      'reconciliation_required',
    ],
  ])('%j ends its proposal and its job', async (changes, proposalState, jobState) => {
    const job = await leaseJob(tenant);
    must(await report(tenant.runner, job, changes));
    const after = await read(tenant.olivia, job.proposal_id);
    expect(after).toMatchObject({
      status: proposalState,
      terminal: true,
      job: { status: jobState },
      result: { status: changes.status },
    });
    expect(after.source_database_mutated).toBe(proposalState === 'applied');
    expect(await results(job)).toEqual(['writeback.result']);
  });
});

describe('a second result', () => {
  test('that is the same is the same answer', async () => {
    const job = await leaseJob(tenant);
    const first = must(await report(tenant.runner, job));
    const again = await unchanged(() => report(tenant.runner, job));
    expect([again.status, again.body]).toEqual([200, first.body]);
    const found = await unchanged(() =>
      report(tenant.runner, job, { status: 'already_applied', affected_rows: 0 }),
    );
    expect(found.status).toBe(200);
  });

  test('that differs is refused, and kept in the ledger once', async () => {
    const job = await leaseJob(tenant);
    must(await report(tenant.runner, job));
    const differing = { status: 'failed', affected_rows: 0, result_hash: `sha256:${'2'.repeat(64)}` };
    expectProblem(await report(tenant.runner, job, differing), 'result_differs');
    expectProblem(await unchanged(() => report(tenant.runner, job, differing)), 'result_differs');
    expect(await results(job)).toEqual(['writeback.result', 'writeback.discrepancy']);
    expect(await read(tenant.olivia, job.proposal_id)).toMatchObject({
      status: 'applied',
      result: { status: 'applied', discrepancy: { status: 'failed' } },
    });
  });

  test('with another receipt is another result', async () => {
    const job = await leaseJob(tenant);
    must(await report(tenant.runner, job));
    expectProblem(
      await report(tenant.runner, job, { result_hash: `sha256:${'3'.repeat(64)}` }),
      'result_differs',
    );
    expect(await results(job)).toEqual(['writeback.result', 'writeback.discrepancy']);
  });

  test.each(['conflict', 'failed', 'canceled'])(
    'that says the row was written after all, after %s, leaves it to a person',
    async (status) => {
      const job = await leaseJob(tenant);
      must(await report(tenant.runner, job, { status, affected_rows: 0, result_hash: undefined }));
      expectProblem(await report(tenant.runner, job), 'result_differs');
      expect((await read(tenant.olivia, job.proposal_id)).status).toBe('indeterminate');
      expect(await results(job)).toEqual(['writeback.result', 'writeback.discrepancy']);
    },
  );
});

describe('a late result for a job that is still open', () => {
  test('is the truth: under an older lease, while another runner holds the job', async () => {
    const first = await leaseJob(tenant);
    must(await release(tenant.runner, first));
    const second = await claimOne(tenant.otherRunner, { runner_id: 'runner-2' });
    expect([second.job_id, second.attempt_count]).toEqual([first.job_id, 2]);
    must(await report(tenant.runner, first));
    expect((await read(tenant.olivia, first.proposal_id)).status).toBe('applied');
    const other = {
      runner_id: 'runner-2',
      lease_id: second.lease_id,
      status: 'already_applied',
      affected_rows: 0,
    };
    expect((await unchanged(() => report(tenant.otherRunner, second, other))).status).toBe(200);
  });

  test('is the truth: after the lease was given back and nobody has the job', async () => {
    const job = await leaseJob(tenant);
    must(await release(tenant.runner, job));
    must(await report(tenant.runner, job, { status: 'conflict', affected_rows: 0 }));
    expect((await read(tenant.olivia, job.proposal_id)).status).toBe('conflict');
    const claim = { source_id: 'src_billing', runner_id: RUNNER, limit: 50 };
    expect(must(await tenant.runner.post('/v1/writeback/jobs/claim', claim)).body.jobs).toEqual([]);
  });

  test('that wrote nothing speaks for itself only, while another attempt is at work', async () => {
    const first = await leaseJob(tenant);
    must(await release(tenant.runner, first));
    const second = await claimOne(tenant.runner);
    const failed = {
      status: 'failed',
      affected_rows: 0,
      error_code: 'TRANSACTION_FAILED',
      result_hash: undefined,
    };
    expect((await unchanged(() => report(tenant.runner, first, failed))).status).toBe(200);
    must(await report(tenant.runner, second));
    expect((await read(tenant.olivia, first.proposal_id)).status).toBe('applied');
  });
});

describe('a lease', () => {
  test('that was given back is lost: it is neither renewed nor given back again', async () => {
    const job = await leaseJob(tenant);
    must(await release(tenant.runner, job));
    expectProblem(await unchanged(() => renew(tenant.runner, job)), 'lease_lost');
    expectProblem(await unchanged(() => release(tenant.runner, job)), 'lease_lost');
    const second = await claimOne(tenant.runner);
    expectProblem(await unchanged(() => renew(tenant.runner, job)), 'lease_lost');
    expectProblem(
      await unchanged(() => renew(tenant.otherRunner, second, { runner_id: 'runner-2' })),
      'lease_foreign',
    );
    expectProblem(
      await unchanged(() => release(tenant.otherRunner, second, { runner_id: 'runner-2' })),
      'lease_foreign',
    );
    must(await report(tenant.runner, second));
    expectProblem(await unchanged(() => renew(tenant.runner, second)), 'job_terminal');
    expectProblem(await unchanged(() => release(tenant.runner, second)), 'job_terminal');
  });

  test('is renewed to what is asked, with new authority to begin', async () => {
    const job = await leaseJob(tenant, { lease_seconds: 5 });
    const renewed = must(await renew(tenant.runner, job, { lease_seconds: 600 }));
    const now = Date.parse(String(renewed.body.server_time));
    expect(renewed.body.lease).toMatchObject({
      lease_id: job.lease_id,
      attempt: 1,
      expires_at: new Date(now + 600_000).toISOString(),
    });
    expect(renewed.body.write_by).toBe(new Date(now + 10_000).toISOString());
    must(await report(tenant.runner, job));
  });

  test('holds one job for one runner: many claims at once share them out', async () => {
    const ids = await Promise.all(Array.from({ length: 12 }, () => queueJob(tenant)));
    const answers = await Promise.all(
      Array.from({ length: 8 }, (_, at) =>
        tenant.runner.post('/v1/writeback/jobs/claim', {
          source_id: 'src_billing',
          runner_id: `r${at}`,
          limit: 3,
        }),
      ),
    );
    const jobs = answers.flatMap(({ body }) => body.jobs ?? []);
    expect(jobs.map(({ proposal_id }) => proposal_id).sort()).toEqual(ids.sort());
    await Promise.all(
      answers.flatMap(({ body }, at) =>
        (body.jobs ?? []).map(async (job) => must(await report(tenant.runner, job, { runner_id: `r${at}` }))),
      ),
    );
  });

  test('comes in both forms, which say the same', async () => {
    const job = await leaseJob(tenant);
    const now = Date.parse(job.write_by) - 10_000;
    expect(job).toMatchObject({
      protocol_version: '1.0',
      job_id: `wbj_${job.proposal_id}`,
      source_id: 'billing',
      attempt_count: 1,
      lease: { lease_id: job.lease_id, attempt: 1, expires_at: job.lease_expires_at },
      idempotency_key: `${job.proposal_id}:INV-3001`,
      conflict_guard: { kind: 'version_column', column: 'version', expected_value: 7 },
      writeback_job: {
        schema_version: 'synapsor.writeback-job.v1',
        writeback_job_id: job.job_id,
        runner_scope: { project_id: tenant.project, source_id: 'src_billing' },
        tenant_guard: { column: 'tenant_id', value: 'acme' },
        conflict_guard: { kind: 'column', column: 'version', expected_value: 7 },
        idempotency_key: job.idempotency_key,
      },
    });
    expect(Date.parse(job.lease_expires_at)).toBe(now + 30_000);
    must(await report(tenant.runner, job));
  });
});

test('a job of another source is no job to a runner that does not cover it', async () => {
  const id = await propose(tenant.service, {}, { source_id: OTHER_SOURCE });
  await approve(tenant.ada, id);
  const job = { job_id: `wbj_${id}`, lease_id: 'lse_1' };
  for (const ask of [renew, release, report]) {
    expectProblem(await unchanged(() => ask(tenant.runner, job)), 'job_not_found');
  }
});
