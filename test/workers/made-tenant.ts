import { env } from 'cloudflare:workers';
import { runnerPermissions } from '@countersign/durable-objects/tenant/access/permissions';
import type { Address } from '@countersign/durable-objects/tenant/hold';
import { d1Database } from '@countersign/durable-objects/tenant/storage/d1-database';
import type { Database } from '@countersign/durable-objects/tenant/storage/database';
import type { Ask, AskOf, Caller, Command } from '@countersign/durable-objects/tenant/turn/command';
import type { Answer, Reply } from '@countersign/durable-objects/tenant/turn/reply';
import { Turns } from '@countersign/durable-objects/tenant/turn/turns';
import { pushContractSchema } from '@countersign/protocol/contract-requests';
import { usualLimits } from '@countersign/protocol/limits';
import { proposeRequestSchema } from '@countersign/protocol/proposal-requests';
import { createTenantStatements } from '@countersign/provisioner/create-tenant';
import { proposal, SOURCE } from '../support/change-set.ts';
import { pushRequest } from '../support/contract.ts';

declare global {
  namespace Cloudflare {
    interface Env {
      TENANT: DurableObjectNamespace<
        import('@countersign/durable-objects/tenant/tenant-object').TenantObject
      >;
    }
  }
}

export const service: Caller = { kind: 'service', credentialId: 'crd_service', digest: 'sha256:service' };
export const runner: Caller = { kind: 'runner', credentialId: 'crd_runner', digest: 'sha256:runner' };
export const ada: Caller = { kind: 'person', person: 'issuer ada' };
export const system: Caller = { kind: 'system' };

let made = 0;

/** A new tenant in this file's D1: a service, a runner, and ada who approves; its contract is in force. */
export async function makeTenant(): Promise<Address> {
  made += 1;
  const tenant = `prj_${made}`;
  const credential = (name: 'service' | 'runner', permissions: readonly string[]) => ({
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
    credentials: [
      credential('service', ['proposals:write', 'contracts:write', 'contracts:activate']),
      credential('runner', runnerPermissions),
    ],
  });
  await env.DB.batch(statements.map(({ sql, params }) => env.DB.prepare(sql).bind(...params)));
  const address = { tenant, shard: 'DB' };
  const pushed = await instance(address).submit(call(service, pushContract()));
  if (!pushed.ok) throw new TypeError(`the contract was refused: ${pushed.refusal.message}`);
  return address;
}

/** The turns of one instance of a tenant's object; several of one tenant are what a deploy or a partition makes. */
export function instance(
  { tenant }: Address,
  database: Database = d1Database(env.DB),
  now = () => Date.now(),
): Turns {
  return new Turns(tenant, {
    database,
    now,
    nonce: () => crypto.randomUUID(),
    yield: () => scheduler.wait(0),
    waiters: () => [],
    admit: () => undefined,
    dismiss: () => undefined,
    deliver: () => undefined,
    changed: () => undefined,
    fault: (fault) => {
      throw fault;
    },
    limits: usualLimits,
    wakeAt: async () => false,
  });
}

const pushContract = (): Ask => ({
  type: 'push-contract',
  request: pushContractSchema.parse(pushRequest()),
});

export const call = (caller: Caller, ask: Ask): Command => ({ caller, ask, key: null });

export const propose = (others = {}): Ask => ({
  type: 'propose',
  request: proposeRequestSchema.parse(proposal({}, others)),
});

export const approve = (proposalId: string): AskOf<'decide'> => ({
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
    "SELECT type FROM ledger WHERE tenant = ?1 AND actor_id <> 'provisioner' " +
      "AND subject NOT LIKE 'contract/%' ORDER BY seq",
    tenant,
  );
  return found.map(({ type }) => type);
}
