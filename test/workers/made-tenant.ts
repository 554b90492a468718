import { env } from 'cloudflare:workers';
import { agentPermissions, runnerPermissions } from '@countersign/durable-objects/tenant/access/permissions';
import type { Address } from '@countersign/durable-objects/tenant/hold';
import type { Ask, Caller, Command } from '@countersign/durable-objects/tenant/turn/command';
import type { Answer, Reply } from '@countersign/durable-objects/tenant/turn/reply';
import { proposeRequestSchema } from '@countersign/protocol/proposal-requests';
import { createTenantStatements } from '@countersign/provisioner/create-tenant';
import { proposal, SOURCE } from '../support/change-set.ts';

declare global {
  namespace Cloudflare {
    interface Env {
      TENANT: DurableObjectNamespace<
        import('@countersign/durable-objects/tenant/tenant-object').TenantObject
      >;
    }
  }
}

export const agent: Caller = { kind: 'agent', credentialId: 'crd_agent', digest: 'sha256:agent' };
export const runner: Caller = { kind: 'runner', credentialId: 'crd_runner', digest: 'sha256:runner' };
export const ada: Caller = { kind: 'person', person: 'issuer ada' };
export const system: Caller = { kind: 'system' };

let made = 0;

/** A new tenant in this file's D1: an agent, a runner, and ada who approves. */
export async function makeTenant(): Promise<Address> {
  made += 1;
  const tenant = `prj_${made}`;
  const credential = (name: 'agent' | 'runner', permissions: readonly string[]) => ({
    credential_id: `crd_${name}`,
    kind: name,
    name,
    digest: `sha256:${name}`,
    sources: [SOURCE],
    permissions,
    expires_at: null,
  });
  const statements = createTenantStatements({
    tenant,
    label: tenant,
    shard: 'DB',
    region: 'local',
    now: Date.now(),
    nonce: `created ${tenant}`,
    sources: [{ source_id: SOURCE, name: SOURCE, engine: 'postgres' }],
    members: [{ person: 'issuer ada', name: 'ada', roles: ['approver'], approval_roles: [] }],
    credentials: [credential('agent', agentPermissions), credential('runner', runnerPermissions)],
  });
  await env.DB.batch(statements.map(({ sql, params }) => env.DB.prepare(sql).bind(...params)));
  return { tenant, shard: 'DB' };
}

export const call = (caller: Caller, ask: Ask): Command => ({ caller, ask, key: null });

export const propose = (others = {}): Ask => ({
  type: 'propose',
  request: proposeRequestSchema.parse(proposal({}, others)),
});

export const approve = (proposalId: string): Ask => ({
  type: 'decide',
  proposalId,
  verdict: 'approved',
  reason: null,
  effectDigest: null,
});

export const claim = (more = {}): Ask => ({
  type: 'claim',
  waiterId: null,
  request: { source_id: SOURCE, runner_id: 'r1', limit: 1, lease_seconds: 30, wait_seconds: 0, ...more },
});

/** The body of a reply that must be an answer. */
export function answerOf(reply: Reply): Answer {
  if (!reply.ok) throw new TypeError(`refused: ${reply.refusal.code}: ${reply.refusal.message}`);
  return reply.body;
}

export async function rows(sql: string, ...params: (string | number)[]): Promise<Record<string, unknown>[]> {
  const { results } = await env.DB.prepare(sql)
    .bind(...params)
    .all();
  return results;
}

/** Where a tenant's only proposal stands. */
export async function standing({ tenant }: Address): Promise<Record<string, unknown> | undefined> {
  const [row] = await rows(
    'SELECT state, job_state, attempt, charged FROM proposals WHERE tenant = ?1',
    tenant,
  );
  return row;
}

export async function entryTypes({ tenant }: Address): Promise<unknown[]> {
  const found = await rows(
    "SELECT type FROM ledger WHERE tenant = ?1 AND actor_id <> 'provisioner' ORDER BY seq",
    tenant,
  );
  return found.map(({ type }) => type);
}
