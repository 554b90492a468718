import type { IssuerSetting } from '@countersign/protocol/gateway-settings';
import type { LimitsSetting } from '@countersign/protocol/limits';
import type { NewTenant } from '@countersign/provisioner/create-tenant';
import { convertV4MiniflareOptions, Miniflare } from 'miniflare';
import { applyMigrations } from './apply-migrations.ts';
import { readCompatibility } from './compatibility.ts';
import { createTenant } from './create-tenant.ts';

/** What only this machine reaches. */
export const LOOPBACK = '127.0.0.1';

export interface PlaneOptions {
  /** The gateway's bundle, from `bundleGateway`. */
  readonly code: string;
  /** Where the gateway listens; nowhere but on this machine when left away. */
  readonly host?: string;
  readonly port: number;
  /** Where D1 and the objects keep their files; nowhere when undefined. */
  readonly persist: string | undefined;
  readonly issuers: readonly IssuerSetting[];
  /** Of our own tokens, newest first. */
  readonly macKeys: readonly string[];
  readonly defaultProject?: string;
  /** Exchanged once in the life of a project for its first service account; as it was set, whatever it is. */
  readonly bootstrapToken?: string;
  /** Asks nobody who they are: who without a token sends a request, and to which project. On `LOOPBACK` alone. */
  readonly insecureLocalhost?: { readonly project: string; readonly person: string };
  /** What keeps copies of records, and makes projects for whoever may ask for one. */
  readonly provisioner?: PlaneProvisioner;
  /** Whoever can sign in may have a project of their own; nobody may where nothing is said. */
  readonly signUp?: 'anyone';
  /** Of the installation: projects are reached at `<label>.<domain>` as well. */
  readonly domain?: string;
  /** Limits of projects that are not the usual ones. */
  readonly limits?: LimitsSetting;
  /** Serves the dashboard: somebody who answers for its files. */
  readonly dashboard?: (request: Request) => Promise<Response>;
  /** Takes each line that the Workers log. */
  onLog?(line: string): void;
}

export interface PlaneProvisioner {
  /** The provisioner's bundle, from `bundleProvisioner`. */
  readonly code: string;
  readonly settings: Readonly<Record<string, string>>;
  /** Where snapshots go: somebody who answers as `snapshot-folder.ts` does; a bucket beside D1 when left away. */
  readonly snapshots?: (request: Request) => Promise<Response>;
}

/** The edge half of the product in workerd on this machine. */
export interface Plane {
  readonly url: string;
  createTenant(tenant: NewTenant): Promise<void>;
  hasTenant(tenant: string): Promise<boolean>;
  /** D1, to look at the record directly. Rows are typed by the schema, so the caller says which they are. */
  query<Row>(sql: string, ...params: (string | number | null)[]): Promise<Row[]>;
  /** Does what the provisioner is to do by the clock, which nobody else tells it here. */
  lookAfterBackups(): Promise<void>;
  stop(): Promise<void>;
}

/** Starts workerd with the gateway and a migrated D1. The compatibility settings are wrangler.toml's. */
export async function startPlane(options: PlaneOptions): Promise<Plane> {
  assertAlone(options);
  const miniflare = new Miniflare(
    convertV4MiniflareOptions({
      workers: workersOf(options),
      host: LOOPBACK,
      port: 0,
      // Else it asks Cloudflare where on earth this is: nothing here wants to know, and nobody there shall.
      cf: false,
      ...(options.persist === undefined ? {} : { resourcePersistencePath: options.persist }),
      handleStructuredLogs: ({ message }) => options.onLog?.(message),
    }),
  );
  await miniflare.ready;
  const url = (await miniflare.unsafeGetDirectURL(GATEWAY)).origin;
  const database = await miniflare.getD1Database('DB');
  await applyMigrations(database);
  if (options.provisioner !== undefined) await applyMigrations(await miniflare.getD1Database('SCRATCH'));
  return {
    url,
    createTenant: (tenant) => createTenant(database, tenant),
    hasTenant: async (tenant) =>
      (await database.prepare('SELECT tenant FROM tenants WHERE tenant = ?1').bind(tenant).first()) !== null,
    query: async <Row>(sql: string, ...params: (string | number | null)[]) =>
      (
        await database
          .prepare(sql)
          .bind(...params)
          .all<Row>()
      ).results,
    lookAfterBackups: async () => {
      await (await miniflare.getWorker(PROVISIONER)).scheduled();
    },
    stop: () => miniflare.dispose(),
  };
}

const GATEWAY = 'countersign';
const PROVISIONER = 'countersign-provisioner';

/** The gateway first, which is the one that requests come to; the provisioner is reached by it alone. */
function workersOf(options: PlaneOptions) {
  const { date: compatibilityDate, flags: compatibilityFlags } = readCompatibility();
  const { provisioner } = options;
  const d1Databases = {
    DB: 'countersign',
    ...(provisioner === undefined ? {} : { SCRATCH: 'countersign-scratch' }),
  };
  const shared = { compatibilityDate, compatibilityFlags, d1Databases };
  const macKeys = { TOKEN_MAC_KEYS: JSON.stringify(options.macKeys) };
  const gateway = {
    ...shared,
    name: GATEWAY,
    modules: moduleOf(gatewayCode(options)),
    durableObjects: { TENANT: { className: 'TenantObject', useSQLite: true } },
    bindings: {
      ...macKeys,
      ISSUERS: JSON.stringify(options.issuers),
      ...(options.defaultProject === undefined ? {} : { DEFAULT_PROJECT: options.defaultProject }),
      ...(options.bootstrapToken === undefined
        ? {}
        : { COUNTERSIGN_BOOTSTRAP_TOKEN: options.bootstrapToken }),
      ...(options.domain === undefined ? {} : { DOMAIN: options.domain }),
      ...(options.limits === undefined ? {} : { LIMITS: JSON.stringify(options.limits) }),
      ...(options.signUp === undefined ? {} : { SIGN_UP: options.signUp }),
    },
    serviceBindings: {
      ...(provisioner === undefined ? {} : { PROVISIONER }),
      ...(options.dashboard === undefined ? {} : { ASSETS: options.dashboard }),
    },
    // The gateway's own socket: through the one in front of it a client that hangs up would not be noticed.
    unsafeDirectSockets: [{ host: options.host ?? LOOPBACK, port: options.port }],
  };
  if (provisioner === undefined) return [gateway];
  const sibling = {
    ...shared,
    name: PROVISIONER,
    modules: moduleOf(provisioner.code),
    durableObjects: {
      SAGA: { className: 'SagaObject', useSQLite: true },
      BACKUP: { className: 'BackupObject', useSQLite: true },
      TENANT: { className: 'TenantObject', useSQLite: true, scriptName: GATEWAY },
    },
    ...(provisioner.snapshots === undefined
      ? { r2Buckets: { SNAPSHOTS: 'countersign-snapshots' } }
      : { serviceBindings: { SNAPSHOT_SERVICE: provisioner.snapshots } }),
    bindings: { ...macKeys, ...provisioner.settings },
  };
  return [gateway, sibling];
}

/** The gateway answers whoever names its port, so that has to be known, and nobody else may reach it. */
function assertAlone({ host = LOOPBACK, insecureLocalhost, port }: PlaneOptions): void {
  if (insecureLocalhost === undefined || (host === LOOPBACK && port > 0)) return;
  throw new RangeError(
    `a plane that asks nobody who they are listens on a port of ${LOOPBACK} and nowhere else`,
  );
}

/** In the code and not in a binding: what is deployed to a cloud has no such line, whatever its settings say. */
function gatewayCode({ code, insecureLocalhost, port }: PlaneOptions): string {
  if (insecureLocalhost === undefined) return code;
  return `globalThis.COUNTERSIGN_INSECURE_LOCALHOST = ${JSON.stringify({ ...insecureLocalhost, port })};\n${code}`;
}

function moduleOf(contents: string) {
  return [{ type: 'ESModule' as const, path: 'worker.js', contents }];
}
