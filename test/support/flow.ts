import { INVOICE, proposal, SOURCE } from './change-set.ts';
import { ADJUST } from './contract.ts';
import type { Answer, WireBody, WireJob } from './http.ts';
import { must } from './must.ts';
import type { Client, TestTenant } from './tenant.ts';

/** What a test needs to have happened before its own matter begins. Each step must succeed. */

export async function propose(client: Client, changes = {}, others = {}): Promise<string> {
  const { body } = must(await client.post('/v1/proposals', proposal(changes, others)));
  return String(body.proposal_id);
}

/** Asks for a capability, as an agent does; the proposal waits for its rehearsal. */
export async function request(client: Client, args = {}, others = {}): Promise<string> {
  const wanted = { invoice_id: INVOICE.id, late_fee_cents: 0, ...args };
  const { body } = must(await client.post('/v1/proposals', { capability: ADJUST, args: wanted, ...others }));
  return String(body.proposal_id);
}

/** What a runner is asked to rehearse. */
export interface WireRehearsal {
  readonly rehearsal_id: string;
  readonly proposal_id: string;
  readonly lease_id: string;
}

/** The rehearsals that wait, handed to `RUNNER`. */
export async function claimRehearsals(client: Client, more = {}): Promise<readonly WireRehearsal[]> {
  const claim = { source_id: SOURCE, runner_id: RUNNER, limit: 10, ...more };
  const { rehearsals } = must(await client.post('/v1/rehearsals/claim', claim)).body;
  return rehearsals as readonly WireRehearsal[];
}

/** Says what a rehearsal showed; `changes` says how it differs from an ordinary one. */
export function reportRehearsal(
  client: Client,
  { rehearsal_id, lease_id }: WireRehearsal,
  changes = {},
): Promise<Answer> {
  return client.post(`/v1/rehearsals/${rehearsal_id}/result`, {
    rehearsal_id,
    lease_id,
    runner_id: RUNNER,
    status: 'done',
    before: { late_fee_cents: INVOICE.lateFee, status: 'open' },
    after: { late_fee_cents: 0, status: 'open' },
    version: INVOICE.version,
    lock_held_ms: 1.5,
    rehearsed_at: '2026-01-01T00:00:00.000Z',
    ...changes,
  });
}

/** A runner rehearses the change of a proposal, which then waits for people. */
export async function rehearse(tenant: TestTenant, proposalId: string, changes = {}): Promise<void> {
  const rehearsal = (await claimRehearsals(tenant.runner)).find((one) => one.proposal_id === proposalId);
  if (rehearsal === undefined) throw new TypeError('there was no such rehearsal to claim');
  must(await reportRehearsal(tenant.runner, rehearsal, changes));
}

/** An agent's proposal that people may decide. */
export async function requestAndRehearse(tenant: TestTenant, args = {}, others = {}): Promise<string> {
  const proposalId = await request(tenant.agent, args, others);
  await rehearse(tenant, proposalId);
  return proposalId;
}

export async function approve(client: Client, proposalId: string): Promise<void> {
  const { effect_digest } = await read(client, proposalId);
  must(await client.post(`/v1/proposals/${proposalId}/approve`, { effect_digest }));
}

/** Proposes and approves; the job is queued. */
export async function queueJob(tenant: TestTenant): Promise<string> {
  const proposalId = await propose(tenant.service);
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
