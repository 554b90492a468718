import { randomUUID } from 'node:crypto';
import { agentPermissions, runnerPermissions } from '@countersign/durable-objects/tenant/access/permissions';
import { macKeyId } from '@countersign/protocol/mac-key-id';
import { servicePermissions } from '@countersign/protocol/service-scopes';
import { mintToken, type TokenMark, tokenDigest } from '@countersign/protocol/token';
import type { NewTenant } from '@countersign/provisioner/create-tenant';
import { OTHER_SOURCE, SOURCE } from './change-set.ts';
import { TARGETS } from './contract.ts';
import { type Answer, type Sending, send } from './http.ts';
import type { TestIssuer } from './test-issuer.ts';

/** The members of every test tenant, by their subject at the issuer. */
export const people = {
  olivia: { roles: ['owner'], approval_roles: [] },
  adam: { roles: ['admin'], approval_roles: [] },
  otto: { roles: ['operator'], approval_roles: [] },
  ada: { roles: ['approver'], approval_roles: ['billing_lead'] },
  aron: { roles: ['approver'], approval_roles: [] },
  audra: { roles: ['auditor'], approval_roles: [] },
  vera: { roles: ['viewer'], approval_roles: [] },
} as const;
export type PersonName = keyof typeof people;
export const personNames = Object.keys(people) as PersonName[];

const BOTH = [SOURCE, OTHER_SOURCE];
/** Whose tasks the runners may work at. */
export const HANDLERS = ['model', 'echo', 'collect'] as const;
/** Whom the agents act for. */
export const BINDINGS = { tenant_id: 'acme', principal: 'support_agent_17' } as const;
export const machines = {
  agent: { kind: 'agent', mark: 'agt', sources: BOTH, permissions: agentPermissions },
  otherAgent: { kind: 'agent', mark: 'agt', sources: [SOURCE], permissions: agentPermissions },
  runner: {
    kind: 'runner',
    mark: 'run',
    sources: [SOURCE],
    permissions: runnerPermissions,
    targets: TARGETS,
  },
  otherRunner: {
    kind: 'runner',
    mark: 'run',
    sources: [SOURCE],
    permissions: runnerPermissions,
    targets: TARGETS,
  },
  service: { kind: 'service', mark: 'svc', sources: BOTH, permissions: servicePermissions },
} as const satisfies Record<
  string,
  { mark: TokenMark } & Pick<NewTenant['credentials'][number], 'kind' | 'sources' | 'permissions' | 'targets'>
>;
export type MachineName = keyof typeof machines;
export const machineNames = Object.keys(machines) as MachineName[];

export type Who = PersonName | MachineName;
export const everybody: readonly Who[] = [...personNames, ...machineNames];

type Options = Pick<Sending, 'headers' | 'signal'>;

/** Requests in one name, about one tenant. */
export interface Client {
  readonly token: string;
  get(path: string, options?: Options): Promise<Answer>;
  post(path: string, body?: unknown, options?: Options): Promise<Answer>;
}

/** A tenant made for a test. */
export interface TestTenant extends Readonly<Record<Who, Client>> {
  readonly project: string;
  /** A client of this tenant with any token. */
  bearing(token: string): Client;
}

export interface Draft<Wanted extends Pick<NewTenant, 'tenant'> = NewTenant> {
  readonly wanted: Wanted;
  readonly tokens: Readonly<Record<MachineName, string>>;
}

let drafted = 0;

/** A new tenant and the tokens of its machines; nobody knows it until it is created. */
export function draftTenant(issuer: TestIssuer, macKey: string, now = Date.now()): Draft {
  drafted += 1;
  const tenant = `prj_${drafted}_${randomUUID().slice(0, 8)}`;
  const tokens = Object.fromEntries(
    machineNames.map((name) => [name, mintToken(machines[name].mark, tenant, `crd_${name}`, macKey)]),
  ) as Record<MachineName, string>;
  const wanted: NewTenant = {
    tenant,
    label: tenant,
    shard: 'DB',
    region: 'local',
    now,
    nonce: `created ${tenant}`,
    sources: BOTH.map((source_id) => ({ source_id, name: source_id, engine: 'postgres' })),
    members: personNames.map((name) => ({ person: issuer.personOf(name), name, ...people[name] })),
    credentials: machineNames.map((name) => {
      const { kind, sources, permissions } = machines[name];
      const targets = kind === 'runner' ? { targets: TARGETS, handlers: HANDLERS } : {};
      const digest = tokenDigest(tokens[name]);
      const bindings = kind === 'agent' ? { bindings: BINDINGS } : {};
      return {
        credential_id: `crd_${name}`,
        kind,
        name,
        digest,
        mac_key: macKeyId(macKey),
        sources,
        permissions,
        expires_at: null,
        ...bindings,
        ...targets,
      };
    }),
  };
  return { wanted, tokens };
}

/** Clients for everybody in a tenant that has been created. */
export function tenantClients(
  origin: string,
  { wanted, tokens }: Draft<Pick<NewTenant, 'tenant'>>,
  personTokens: Readonly<Record<PersonName, string>>,
): TestTenant {
  const project = wanted.tenant;
  const bearing = (token: string) => client(origin, project, token);
  const all = { ...personTokens, ...tokens };
  const clients = Object.fromEntries(everybody.map((who) => [who, bearing(all[who])])) as Record<Who, Client>;
  return { project, bearing, ...clients };
}

/** Persons must say which project they mean; to a token of ours it says nothing new. */
function client(origin: string, project: string, token: string): Client {
  const within = (path: string) => `${path}${path.includes('?') ? '&' : '?'}project_id=${project}`;
  return {
    token,
    get: (path, options = {}) => send(origin, { method: 'GET', path: within(path), token, ...options }),
    post: (path, body = {}, options = {}) =>
      send(origin, { method: 'POST', path: within(path), token, body, ...options }),
  };
}
