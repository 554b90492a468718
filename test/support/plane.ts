import { mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import type { IssuerSetting } from '@countersign/protocol/gateway-settings';
import type { LimitsSetting } from '@countersign/protocol/limits';
import { createTenantStatements } from '@countersign/provisioner/create-tenant';
import { type Plane, startPlane } from '@countersign/serve/start-plane';
import { type BundleName, bundleOf } from './bundles.ts';
import type { ClockRequest, CreateRequest, Standing } from './clocked-protocol.ts';
import { pushRequest } from './contract.ts';
import { send } from './http.ts';
import { migrationStatements } from './migrations.ts';
import { must } from './must.ts';
import { runFolder } from './run-folder.ts';
import {
  type Draft,
  draftTenant,
  type PersonName,
  personNames,
  type TestTenant,
  tenantClients,
} from './tenant.ts';
import { TestIssuers } from './test-issuer.ts';

export const MAC_KEY = 'the key that signs the tokens of tests';

export interface TestPlaneOptions {
  /** Issuers besides the one of the members. */
  readonly issuers?: readonly string[];
  /** What an issuer's tokens may be signed with, by its name; any asymmetric algorithm where nothing is said. */
  readonly algorithms?: Readonly<Record<string, NonNullable<IssuerSetting['algorithms']>>>;
  /** Whoever can sign in may have a project of their own: what the provisioner is set to, besides the usual. */
  readonly provisioner?: Readonly<Record<string, string>>;
  /** Where snapshots go; a bucket of workerd's where nothing is said. */
  readonly snapshots?: (request: Request) => Promise<Response>;
  readonly domain?: string;
  /** Serves the dashboard. */
  readonly dashboard?: (request: Request) => Promise<Response>;
  /** How the dashboard is known to the issuer of the members. */
  readonly dashboardClient?: IssuerSetting['dashboard'];
  /** Limits of projects that are not the usual ones. */
  readonly limits?: LimitsSetting;
  /** Which claim of an issuer's tokens projects may take for membership, by its name. */
  readonly rolesClaims?: Readonly<Record<string, string>>;
}

/** A plane in workerd with its issuers, for one test file. */
export interface TestPlane {
  readonly origin: string;
  readonly issuers: TestIssuers;
  /** What the Workers logged, a line each. */
  readonly logs: readonly string[];
  readonly query: Plane['query'];
  /** Where D1 and the objects keep their files. */
  readonly persisted: string;
  /** A new tenant with everybody in it, and a contract in force. */
  tenant(): Promise<TestTenant>;
  stop(): Promise<void>;
}

/** A plane as it is deployed. */
export interface DeployedPlane extends TestPlane {
  /** As `tenant`, without a contract: nobody has asked anything of it, so no cache knows it. */
  unheardTenant(): Promise<TestTenant>;
}

/** A plane whose tenants' clocks stand still, at `CLOCK_START`, until they are moved. */
export interface ClockedPlane extends TestPlane {
  /** As `tenant`, with its rows in its own object instead of D1: cheaper, for suites of many thousand requests. */
  tenantWithOwnRows(): Promise<TestTenant>;
  /** Moves a tenant's clock, and does what its alarm does by then; answers where its proposals then stand. */
  advance(tenant: Pick<TestTenant, 'project'>, milliseconds: number): Promise<readonly Standing[]>;
  /** Moves the clock that the gateway's caches go by. */
  advanceGateway(milliseconds: number): Promise<void>;
}

/** The gateway as it is deployed. */
export async function startTestPlane(options: TestPlaneOptions = {}): Promise<DeployedPlane> {
  const { plane, personTokens, ...shared } = await start('gateway', options);
  const unheardTenant = async () => {
    const draft = draftTenant(shared.issuers.get(MEMBERS), MAC_KEY);
    await plane.createTenant(draft.wanted);
    return tenantClients(plane.url, draft, personTokens);
  };
  return { ...shared, unheardTenant, tenant: async () => governed(await unheardTenant()) };
}

export async function startClockedPlane(options: TestPlaneOptions = {}): Promise<ClockedPlane> {
  const { plane, personTokens, ...shared } = await start('clocked', options);
  const post = async (path: string, body: ClockRequest | CreateRequest): Promise<string> => {
    const { status, text } = await send(plane.url, { method: 'POST', path, body });
    if (status !== 200) throw new TypeError(`${path} answered ${status}: ${text}`);
    return text;
  };
  const create = async (migrations?: readonly string[]) => {
    const draft: Draft = draftTenant(shared.issuers.get(MEMBERS), MAC_KEY);
    const statements = createTenantStatements(draft.wanted);
    const where = migrations === undefined ? {} : { migrations };
    await post('/test/tenants', { tenant: draft.wanted.tenant, statements, ...where });
    return governed(tenantClients(plane.url, draft, personTokens));
  };
  const migrations = migrationStatements();
  return {
    ...shared,
    tenant: () => create(),
    tenantWithOwnRows: () => create(migrations),
    advance: async ({ project }, milliseconds) =>
      JSON.parse(await post('/test/clock', { tenant: project, milliseconds })),
    advanceGateway: async (milliseconds) => {
      await post('/test/clock', { milliseconds });
    },
  };
}

/** A tenant with the contract that tests propose under. */
async function governed(tenant: TestTenant): Promise<TestTenant> {
  must(await tenant.olivia.post(`/v1/control/projects/${tenant.project}/agent-contracts`, pushRequest()));
  return tenant;
}

const MEMBERS = 'members';

async function start(
  bundle: BundleName,
  {
    issuers: others = [],
    algorithms = {},
    rolesClaims = {},
    provisioner,
    snapshots,
    domain,
    limits,
    dashboard,
    dashboardClient,
  }: TestPlaneOptions,
) {
  const names = [MEMBERS, ...others];
  const issuers = await TestIssuers.start(names);
  const persist = await mkdtemp(join(runFolder(), 'plane-'));
  const logs: string[] = [];
  const plane = await startPlane({
    code: await bundleOf(bundle),
    port: 0,
    persist,
    issuers: names.map((name) => {
      const allowed = algorithms[name];
      const claim = rolesClaims[name];
      return {
        ...issuers.get(name).settings,
        ...(allowed === undefined ? {} : { algorithms: allowed }),
        ...(claim === undefined ? {} : { roles_claim: claim }),
        ...(dashboardClient === undefined || name !== MEMBERS ? {} : { dashboard: dashboardClient }),
      };
    }),
    macKeys: [MAC_KEY],
    ...(domain === undefined ? {} : { domain }),
    ...(limits === undefined ? {} : { limits }),
    ...(dashboard === undefined ? {} : { dashboard }),
    ...(provisioner === undefined
      ? {}
      : {
          signUp: 'anyone' as const,
          provisioner: {
            code: await bundleOf('provisioner'),
            settings: provisioner,
            ...(snapshots === undefined ? {} : { snapshots }),
          },
        }),
    onLog: (line) => logs.push(line),
  });
  const personTokens = Object.fromEntries(
    await Promise.all(personNames.map(async (name) => [name, await issuers.get(MEMBERS).sign(name)])),
  ) as Record<PersonName, string>;
  const stop = async () => {
    await plane.stop();
    await issuers.stop();
  };
  return {
    plane,
    personTokens,
    origin: plane.url,
    issuers,
    logs,
    query: plane.query,
    persisted: persist,
    stop,
  };
}
