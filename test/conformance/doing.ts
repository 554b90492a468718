import { strict as assert } from 'node:assert';
import { randomUUID } from 'node:crypto';
import type { Answer, Caller, Json } from './caller.ts';
import { digestOf } from './canonical.ts';
import { passes, reads } from './checks.ts';
import {
  CAPABILITY,
  type ContractTriple,
  changeSet,
  contractDocument,
  metadataOnly,
  newProposalId,
} from './documents.ts';
import { apiKeyMade, claimAnswer, type JobOne, jobOne, pushAnswer, runnerTokenMade } from './reads.ts';
import type { Stand } from './stand.ts';

/* What the clients do again and again. Each step must succeed, and what it answers is read as they read it. */

/** The scopes that the acceptance run asks for (PROTOCOL 1.3). */
export const SERVICE_SCOPES = [
  'project:read',
  'contracts:read',
  'contracts:write',
  'contracts:activate',
  'runners:read',
  'proposals:read',
  'activity:read',
  'exports:read',
] as const;

export const RUNNER_PERMISSIONS = [
  'runner:doctor',
  'runner:register',
  'runner:heartbeat',
  'proposal:submit',
  'activity:ingest',
  'writeback:claim',
  'writeback:heartbeat',
  'writeback:result',
] as const;

const HOUR_S = 3_600;
/** The same each time: an event that is sent again is the same event. */
const OCCURRED = '2026-01-01T00:00:00.000Z';

/** `api-keys create`. */
export async function createKey(
  { bearing, human, project }: Stand,
  scopes: readonly string[] = SERVICE_SCOPES,
) {
  const made = reads(
    apiKeyMade,
    await human.post('/v1/control/api-keys', {
      project_id: project,
      name: `key ${randomUUID()}`,
      scopes,
      role: scopes.some((scope) => /:(write|activate|manage)$/.test(scope)) ? 'developer' : 'readonly',
      expires_at: Math.floor(Date.now() / 1_000) + HOUR_S,
    }),
  );
  return { keyId: made.api_key.key_id, service: bearing(made.token, 'service') };
}

/** `runners create`. */
export async function createRunnerToken({ bearing, human, project, source }: Stand) {
  const made = reads(
    runnerTokenMade,
    await human.post(`/v1/control/projects/${project}/runner-tokens`, {
      name: 'conformance',
      source_ids: [source],
      permissions: RUNNER_PERMISSIONS,
    }),
  );
  return { tokenId: made.token.token_id, runner: bearing(made.runner_token, 'runner') };
}

/** The body of a push by the CLI (PROTOCOL 2.3.1). */
export function pushBody(contract: Json, more: Json = {}): Json {
  return {
    schema_version: 'synapsor.cloud-contract-push.v0.1',
    contract,
    source: 'cli',
    source_versions: { cli: '0.1.0-beta.1' },
    activate: false,
    local_digest: digestOf(contract),
    ...more,
  };
}

/** `contracts push --activate`. */
export async function pushActive(
  { human, project }: Stand,
  contract: Json = contractDocument(),
): Promise<ContractTriple> {
  const body = pushBody(contract, { activate: true });
  const path = `/v1/control/projects/${project}/agent-contracts`;
  const { contract_id, contract_version_id, digest } = reads(pushAnswer, await human.post(path, body));
  return { contract_id, contract_version_id, digest };
}

/** The body of a registration (PROTOCOL 3.9). */
export function registration(runnerId: string, source: string, more: Json = {}): Json {
  return {
    schema_version: 'synapsor.runner-registration.v1',
    protocol_version: 'synapsor.runner-control.v1',
    runner_id: runnerId,
    runner_version: '1.7.11',
    engines: ['postgres'],
    capabilities: ['adapter:read', 'adapter:invoke', 'writeback:claim', 'writeback:complete'],
    scope: { project_id: 'token_scope', source_ids: [source] },
    contracts: [],
    registered_at: new Date().toISOString(),
    ...more,
  };
}

/** A call of the runner's client: its key is the digest of path and body, so the same for the same (PROTOCOL 1.5). */
export function keyed(runner: Caller, path: string, body: Json): Promise<Answer> {
  return runner.post(path, body, { key: digestOf({ path, body }) });
}

/** `cloud connect`: the only heartbeat that an existing runner sends. */
export async function connect(runner: Caller, runnerId: string, source: string): Promise<void> {
  passes(await keyed(runner, '/v1/runner/register', registration(runnerId, source)));
  passes(
    await keyed(runner, '/v1/runner/heartbeat', {
      runner_id: runnerId,
      runner_version: '1.7.11',
      engines: ['postgres'],
      source_ids: [source],
      status: 'online',
      details: {
        mode: 'cloud_connect',
        database_credentials_sent: false,
        adapter_catalog_supported: true,
        writeback_supported: true,
      },
    }),
  );
}

/** What a runner is and works under. */
export interface Working {
  readonly runner: Caller;
  readonly runnerId: string;
  readonly contract: ContractTriple;
}

/** A runner that is connected, under a contract in force. */
export async function startWork(
  stand: Stand,
  runnerId = 'runner_conformance',
  document: Json = contractDocument(),
): Promise<Working> {
  const contract = await pushActive(stand, document);
  const { runner } = await createRunnerToken(stand);
  await connect(runner, runnerId, stand.source);
  return { runner, runnerId, contract };
}

/** The body of a submission (PROTOCOL 3.10). */
export function submission(
  { contract, runnerId }: Working,
  source: string,
  proposalId: string,
  objectId = `INV-${proposalId.slice(-6)}`,
): Json {
  return {
    schema_version: 'synapsor.runner-proposal.v1',
    runner_id: runnerId,
    source_id: source,
    contract,
    change_set: changeSet(proposalId, contract, objectId),
    ...metadataOnly(proposalId),
  };
}

export async function submit(working: Working, source: string): Promise<string> {
  const proposalId = newProposalId();
  passes(await keyed(working.runner, '/v1/runner/proposals', submission(working, source, proposalId)));
  return proposalId;
}

/** `proposals approve`, or `reject`. */
export function decide({ human, project }: Stand, proposalId: string, verb: 'approve' | 'reject') {
  const path = `/v1/control/external-writebacks/proposals/${proposalId}/${verb}`;
  return human.post(path, { reason: 'reviewed', project_id: project }, { key: `cli-${Date.now()}-1` });
}

/** The claim of a worker: always one job, and no length of a lease unless `more` says one. */
export function askForJob({ runner, runnerId }: Working, source: string, more: Json = {}): Promise<Answer> {
  const claim = { source_id: source, runner_id: runnerId, limit: 1, ...more };
  return keyed(runner, '/v1/writeback/jobs/claim', claim);
}

export async function claimOne(working: Working, source: string, more: Json = {}): Promise<JobOne> {
  const { jobs } = reads(claimAnswer, await askForJob(working, source, more));
  assert.equal(jobs.length, 1, 'there was a job to claim');
  return jobOne.parse(jobs[0]);
}

/** Proposed, approved and leased. */
export async function leasedJob(stand: Stand, working: Working): Promise<JobOne> {
  passes(await decide(stand, await submit(working, stand.source), 'approve'));
  return claimOne(working, stand.source);
}

/** The result of a "1.0" job, as the adapter makes it (PROTOCOL 3.8). */
export function resultOf(job: JobOne, runnerId: string, more: Json = {}): Json {
  const status = 'applied';
  return {
    protocol_version: '1.0',
    job_id: job.job_id,
    runner_id: runnerId,
    status,
    affected_rows: 1,
    result_version: '8',
    result_hash: digestOf(JSON.stringify({ job_id: job.job_id, status, version: '8' })),
    completed_at: new Date().toISOString(),
    lease_id: job.lease_id,
    ...more,
  };
}

export function report({ runner }: Working, job: JobOne, result: Json): Promise<Answer> {
  return keyed(runner, `/v1/writeback/jobs/${job.job_id}/result`, result);
}

export function follow({ runner }: Pick<Working, 'runner'>, proposalId: string): Promise<Answer> {
  return runner.get(`/v1/runner/proposals/${proposalId}`);
}

/** The events about what was read for a proposal, as the linked outbox sends them: one each drain (PROTOCOL 3.11, 4.6). */
export async function recordRead(
  { contract, runner, runnerId }: Working,
  source: string,
  proposalId: string,
): Promise<void> {
  const { contract_id, contract_version_id, digest: contract_digest } = contract;
  const shared = {
    schema_version: 'synapsor.runner-activity.v1',
    runner_id: runnerId,
    source_id: source,
    proposal_id: proposalId,
    contract_id,
    contract_version_id,
    contract_digest,
    capability: CAPABILITY,
    tenant_id: 'acme',
    business_object: 'invoice',
    principal: 'support_agent_17',
    occurred_at: OCCURRED,
  };
  for (const event of [
    {
      ...shared,
      event_id: `evidence:${proposalId}:evb_${proposalId}`,
      event_type: 'evidence.recorded',
      evidence_ids: [`evb_${proposalId}`],
      detail: { payload_uploaded: false },
    },
    {
      ...shared,
      event_id: `query-audit:${proposalId}:1`,
      event_type: 'query_audit.recorded',
      query_audit_ids: ['1'],
      detail: { payload_uploaded: false, tables: ['public.invoices'] },
    },
  ])
    passes(await keyed(runner, '/v1/runner/activity', event));
}
