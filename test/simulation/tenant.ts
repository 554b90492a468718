import { agentPermissions, runnerPermissions } from '@countersign/durable-objects/tenant/access/permissions';
import type { Statement } from '@countersign/durable-objects/tenant/storage/database';
import type { Caller } from '@countersign/durable-objects/tenant/turn/command';
import { createTenantStatements } from '@countersign/provisioner/create-tenant';

export const TENANT = 'prj_sim';
export const ADDRESS = { tenant: TENANT, shard: 'DB' } as const;
/** When every history begins. Unix milliseconds. */
export const BEGINNING = 1_800_000_000_000;
/** The end of that day. */
export const MIDNIGHT = Date.parse('2027-01-16T00:00:00.000Z');
export const SOURCES = ['src_billing', 'src_orders'] as const;

/** What each of them may fulfil, besides what anyone may. */
const approvalRoles = { ann: ['lead'], bob: ['lead'], cyd: [] } as const;
const agentNames = ['ada', 'ben'] as const;

export interface RunnerSeat {
  readonly runnerId: string;
  readonly sources: readonly [string, ...string[]];
  readonly caller: Caller;
}

const credential = (
  credential_id: string,
  kind: 'agent' | 'runner' | 'service',
  sources: readonly string[],
  permissions: readonly string[],
  bindings: Readonly<Record<string, string>> = {},
) => ({
  credential_id,
  kind,
  name: credential_id,
  digest: `d_${credential_id}`,
  sources,
  permissions,
  expires_at: null,
  bindings,
});

export const approvers: readonly [Caller, ...Caller[]] = [person('ann'), person('bob'), person('cyd')];
export const operator: Caller = person('opal');
/** Proposes and decides, but never both of the same. */
export const admin: Caller = person('dan');
export const owner: Caller = person('olga');
export const auditor: Caller = person('aud');
export const agents: readonly [Caller, ...Caller[]] = [
  machine('agent', 'crd_ada'),
  machine('agent', 'crd_ben'),
];
/** Sends complete change sets. */
export const service: Caller = machine('service', 'crd_svc');
export const runnerSeats: readonly [RunnerSeat, ...RunnerSeat[]] = [
  { runnerId: 'run_a', sources: SOURCES, caller: machine('runner', 'crd_run_all') },
  { runnerId: 'run_b', sources: SOURCES, caller: machine('runner', 'crd_run_all') },
  { runnerId: 'run_c', sources: [SOURCES[0]], caller: machine('runner', 'crd_run_billing') },
];

/** Who may hold leases. */
export const runnerCredentials: ReadonlySet<string> = new Set(['crd_run_all', 'crd_run_billing']);
/** Somebody who knows a runner's name and has a token that was never issued. */
export const intruder: RunnerSeat = {
  runnerId: 'run_a',
  sources: SOURCES,
  caller: machine('runner', 'crd_forged'),
};

/** The tenant as the provisioner makes it. */
export const genesis: readonly Statement[] = createTenantStatements({
  tenant: TENANT,
  label: 'sim',
  shard: ADDRESS.shard,
  region: 'local',
  now: BEGINNING,
  nonce: 'genesis',
  sources: SOURCES.map((source_id) => ({ source_id, name: source_id, engine: 'postgres' })),
  members: [
    ...Object.entries(approvalRoles).map(([name, approval_roles]) => ({
      person: `iss ${name}`,
      name,
      roles: ['approver'],
      approval_roles,
    })),
    { person: 'iss dan', name: 'dan', roles: ['admin'], approval_roles: ['lead'] },
    { person: 'iss olga', name: 'olga', roles: ['owner'], approval_roles: [] },
    { person: 'iss opal', name: 'opal', roles: ['operator'], approval_roles: [] },
    { person: 'iss aud', name: 'aud', roles: ['auditor'], approval_roles: [] },
  ],
  credentials: [
    ...agentNames.map((name) =>
      credential(`crd_${name}`, 'agent', SOURCES, agentPermissions, { tenant_id: 'acme', principal: name }),
    ),
    credential('crd_svc', 'service', SOURCES, ['proposals:write', 'proposals:read']),
    credential('crd_run_all', 'runner', SOURCES, runnerPermissions),
    credential('crd_run_billing', 'runner', [SOURCES[0]], runnerPermissions),
  ],
});

function person(name: string): Caller {
  return { kind: 'person', person: `iss ${name}` };
}

function machine(kind: 'agent' | 'runner' | 'service', credentialId: string): Caller {
  return { kind, credentialId, digest: `d_${credentialId}` };
}
