import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createTenantStatements, type NewTenant } from '@countersign/provisioner/create-tenant';
import { convertV4MiniflareOptions, Miniflare } from 'miniflare';

const HOST = '127.0.0.1';
const ROOT = join(import.meta.dirname, '../..');

export interface PlaneOptions {
  /** The gateway's bundle, from `bundleGateway`. */
  readonly code: string;
  readonly port: number;
  /** Where D1 and the objects keep their files; nowhere when undefined. */
  readonly persist: string | undefined;
  readonly issuers: readonly {
    readonly issuer: string;
    readonly audience: string;
    readonly jwks_uri: string;
    readonly algorithms?: readonly string[];
    readonly roles_claim?: string;
  }[];
  readonly macKey: string;
  readonly defaultProject?: string;
  /** Takes each line that the Workers log. */
  onLog?(line: string): void;
}

/** The edge half of the product in workerd on this machine. */
export interface Plane {
  readonly url: string;
  createTenant(tenant: NewTenant): Promise<void>;
  hasTenant(tenant: string): Promise<boolean>;
  /** D1, to look at the record directly. Rows are typed by the schema, so the caller says which they are. */
  query<Row>(sql: string, ...params: (string | number | null)[]): Promise<Row[]>;
  stop(): Promise<void>;
}

/** Starts workerd with the gateway and a migrated D1. The compatibility settings are wrangler.toml's. */
export async function startPlane(options: PlaneOptions): Promise<Plane> {
  const { date, flags } = compatibility();
  const miniflare = new Miniflare(
    convertV4MiniflareOptions({
      name: 'countersign',
      modules: [{ type: 'ESModule', path: 'worker.js', contents: options.code }],
      compatibilityDate: date,
      compatibilityFlags: flags,
      d1Databases: { DB: 'countersign' },
      durableObjects: { TENANT: { className: 'TenantObject', useSQLite: true } },
      bindings: {
        ISSUERS: JSON.stringify(options.issuers),
        TOKEN_MAC_KEYS: JSON.stringify([options.macKey]),
        ...(options.defaultProject === undefined ? {} : { DEFAULT_PROJECT: options.defaultProject }),
      },
      // The gateway's own socket: through the one in front of it a client that hangs up would not be noticed.
      unsafeDirectSockets: [{ host: HOST, port: options.port }],
      host: HOST,
      port: 0,
      ...(options.persist === undefined ? {} : { resourcePersistencePath: options.persist }),
      handleStructuredLogs: ({ message }) => options.onLog?.(message),
    }),
  );
  await miniflare.ready;
  const url = (await miniflare.unsafeGetDirectURL('countersign')).origin;
  const database = await miniflare.getD1Database('DB');
  await migrate(database);
  return {
    url,
    createTenant: async (tenant) => {
      await database.batch(
        createTenantStatements(tenant).map(({ sql, params }) => database.prepare(sql).bind(...params)),
      );
    },
    hasTenant: async (tenant) =>
      (await database.prepare('SELECT tenant FROM tenants WHERE tenant = ?1').bind(tenant).first()) !== null,
    query: async <Row>(sql: string, ...params: (string | number | null)[]) =>
      (
        await database
          .prepare(sql)
          .bind(...params)
          .all<Row>()
      ).results,
    stop: () => miniflare.dispose(),
  };
}

type LocalD1 = Awaited<ReturnType<Miniflare['getD1Database']>>;

/** Applies what is missing, and notes it where `wrangler d1 migrations apply` does. */
async function migrate(database: LocalD1): Promise<void> {
  await database
    .prepare(
      'CREATE TABLE IF NOT EXISTS d1_migrations (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT UNIQUE, applied_at TEXT)',
    )
    .run();
  const applied = await database.prepare('SELECT name FROM d1_migrations').all<{ name: string }>();
  const known = new Set(applied.results.map(({ name }) => name));
  for (const name of globSync('*.sql', { cwd: join(ROOT, 'migrations') }).sort()) {
    if (known.has(name)) continue;
    const statements = readFileSync(join(ROOT, 'migrations', name), 'utf8').split('--> statement-breakpoint');
    await database.batch([
      ...statements.map((statement) => database.prepare(statement)),
      database
        .prepare('INSERT INTO d1_migrations (name, applied_at) VALUES (?1, ?2)')
        .bind(name, new Date().toISOString()),
    ]);
  }
}

function compatibility(): { date: string; flags: string[] } {
  const toml = readFileSync(join(ROOT, 'wrangler.toml'), 'utf8');
  const date = /^compatibility_date = "([^"]+)"$/m.exec(toml)?.[1];
  const flags = /^compatibility_flags = (\[.*\])$/m.exec(toml)?.[1];
  if (date === undefined || flags === undefined)
    throw new Error('wrangler.toml does not say its compatibility settings');
  return { date, flags: JSON.parse(flags) };
}
