import { proposal, SOURCE } from './change-set.ts';
import type { Answer, WireBody, WireJob } from './http.ts';
import { must } from './must.ts';
import type { Client, TestTenant } from './tenant.ts';

/** What a test needs to have happened before its own matter begins. Each step must succeed. */

export async function propose(client: Client, changes = {}, others = {}): Promise<string> {
  const { body } = must(await client.post('/v1/proposals', proposal(changes, others)));
  return String(body.proposal_id);
}

export async function approve(client: Client, proposalId: string): Promise<void> {
  must(await client.post(`/v1/proposals/${proposalId}/approve`));
}

/** Proposes and approves; the job is queued. */
export async function queueJob(tenant: TestTenant): Promise<string> {
  const proposalId = await propose(tenant.agent);
  await approve(tenant.ada, proposalId);
  return proposalId;
}

export const RUNNER = 'runner-1';

/** What a lease is asked about with. */
export type LeasedJob = Pick<WireJob, 'job_id' | 'lease_id'>;

/** Leases the first job of the queue. */
export async function claimOne(client: Client, more = {}): Promise<WireJob> {
  const request = { source_id: SOURCE, runner_id: RUNNER, limit: 1, ...more };
  const [job] = must(await client.post('/v1/writeback/jobs/claim', request)).body.jobs ?? [];
  if (job === undefined) throw new TypeError('there was no job to lease');
  return job;
}

/** A job that is leased to `RUNNER`. */
export async function leaseJob(tenant: TestTenant, more = {}): Promise<WireJob> {
  await queueJob(tenant);
  return claimOne(tenant.runner, more);
}

export const APPLIED = {
  status: 'applied',
  affected_rows: 1,
  result_hash: `sha256:${'1'.repeat(64)}`,
} as const;

/** Reports how a job ended; `changes` says how it differs from an ordinary apply under this lease. */
export function report(client: Client, job: LeasedJob, changes = {}): Promise<Answer> {
  return client.post(`/v1/writeback/jobs/${job.job_id}/result`, {
    protocol_version: '1.0',
    job_id: job.job_id,
    runner_id: RUNNER,
    lease_id: job.lease_id,
    ...APPLIED,
    ...changes,
  });
}

export function renew(client: Client, job: LeasedJob, changes = {}): Promise<Answer> {
  const request = { runner_id: RUNNER, lease_id: job.lease_id, lease_seconds: 60, ...changes };
  return client.post(`/v1/writeback/jobs/${job.job_id}/heartbeat`, request);
}

export function release(client: Client, job: LeasedJob, changes = {}): Promise<Answer> {
  const request = { runner_id: RUNNER, lease_id: job.lease_id, reason: 'draining', ...changes };
  return client.post(`/v1/writeback/jobs/${job.job_id}/release`, request);
}

export async function read(client: Client, proposalId: string): Promise<WireBody> {
  return must(await client.get(`/v1/proposals/${proposalId}`)).body;
}

/** The types of the entries about a subject, oldest first. */
export async function entryTypes(tenant: TestTenant, proposalId: string): Promise<string[]> {
  const { body } = must(await tenant.olivia.get(`/v1/proposals/${proposalId}/replay`));
  return (body.entries ?? []).map(({ type }) => type);
}
