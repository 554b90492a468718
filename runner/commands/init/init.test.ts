import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
// biome-ignore lint/plugin: the servers that tests start are shared by all packages and stand outside them
import { FakeControlPlane } from '../../../test/support/fake-control-plane.ts';
// biome-ignore lint/plugin: as above
import type { PostgresServer, TestDatabase } from '../../../test/support/postgres-server.ts';
// biome-ignore lint/plugin: as above
import { sharedPostgres } from '../../../test/support/shared-servers.ts';
import { loadConfig, parseConfig } from '../../config/load-config.ts';
import { PASSWORD_PLACEHOLDER } from '../../databases/table-rights.ts';
import { exitCodes } from '../../exit-codes.ts';
import { parseCommandLine } from '../command-line.ts';
import { doctor } from '../doctor.ts';
import { type Asker, AskingEnded } from './ask.ts';
import { init } from './init.ts';

/** As an old PostgreSQL makes it: everybody may create objects, and some may not even connect. */
const shopSql = `
  CREATE SCHEMA billing;
  GRANT CREATE ON SCHEMA public, billing TO PUBLIC;
  CREATE TABLE billing.invoices (
    id text NOT NULL, tenant_id text NOT NULL, version bigint NOT NULL, late_fee_cents integer NOT NULL,
    waiver_reason text, created_by text, PRIMARY KEY (tenant_id, id));
  CREATE TABLE settings (id text PRIMARY KEY, value text, updated_at timestamptz NOT NULL);`;
const SECRET = 'theinitpassword';
const ROLE = 'countersign_runner';

vi.setConfig({ testTimeout: 30_000 });

let server: PostgresServer;
let plane: FakeControlPlane;
let folder: string;
let db: TestDatabase;
let configPath: string;
let sqlPath: string;
let made = 0;

beforeAll(async () => {
  server = await sharedPostgres();
  await server.template('shop', shopSql);
  plane = await FakeControlPlane.start();
  folder = await mkdtemp(join(tmpdir(), 'countersign-init-'));
}, 60_000);
afterAll(async () => {
  await plane?.stop();
  await rm(folder, { recursive: true });
}, 30_000);
beforeEach(async () => {
  made += 1;
  configPath = join(folder, `runner-${made}.json`);
  sqlPath = join(folder, `role-${made}.sql`);
  db = await server.clone('shop');
  await db.query(`REVOKE CONNECT ON DATABASE ${db.name} FROM PUBLIC`);
});
afterEach(async () => {
  const [role] = await db.query(`SELECT 1 FROM pg_roles WHERE rolname = '${ROLE}'`);
  if (role !== undefined) await db.query(`DROP OWNED BY ${ROLE}; DROP ROLE ${ROLE}`);
  await db.drop();
});

const INVOICES = [
  ...['--table', 'billing.invoices', '--primary-key', 'id', '--tenant-column', 'tenant_id'],
  ...['--tenant-values', 'acme, beta', '--version-column', 'version', '--version-kind', 'integer'],
  ...['--columns', 'late_fee_cents,waiver_reason'],
];
const SETTINGS = [
  ...['--table', 'public.settings', '--primary-key', 'id', '--single-tenant'],
  ...['--version-column', 'updated_at', '--version-kind', 'timestamp', '--columns', 'value'],
];
const common = () => [
  ...['--yes', '--engine', 'postgres', '--database-url-env', 'SHOP_URL', '--source-id', 'src_shop'],
  ...['--control-plane-url', plane.url, '--runner-id', 'shop-1'],
];

/** An asker that answers from a list, by the beginning of the question; and all that was said to it. */
function answering(
  answers: readonly (readonly [question: string, answer: string])[],
): Asker & { said: string } {
  const left = [...answers];
  const asker = {
    said: '',
    ask: async (question: string) => {
      asker.said += `${question}\n`;
      const [next] = left;
      if (next === undefined) throw new AskingEnded('no more answers');
      expect(question).toMatch(new RegExp(`^${next[0]}`));
      left.shift();
      return next[1];
    },
    tell: (text: string) => {
      asker.said += text;
    },
  };
  return asker;
}

async function run(
  args: readonly string[],
  { asker, environment = {} }: { asker?: Asker; environment?: NodeJS.ProcessEnv } = {},
) {
  const command = parseCommandLine(['init', '--config', configPath, ...args]);
  if (command.name !== 'init')
    return { code: exitCodes.usage, out: '', err: 'fault' in command ? command.fault : '' };
  let [out, err] = ['', ''];
  const code = await init(command.flags, {
    environment,
    asker,
    print: (text) => {
      out += text;
    },
    complain: (text) => {
      err += text;
    },
  });
  return { code, out, err };
}

const filled = (sql: string) => sql.replace(PASSWORD_PLACEHOLDER, `'${SECRET}'`);

async function examine() {
  plane.doctor = {
    source_ids: ['src_shop'],
    permissions: ['writeback:claim', 'writeback:heartbeat', 'writeback:result'],
  };
  let text = '';
  const code = await doctor({
    configPath,
    isJson: false,
    createsReceipts: false,
    environment: {
      COUNTERSIGN_RUNNER_TOKEN: plane.token,
      SHOP_URL: server.url(db.name, { role: ROLE, password: SECRET }),
    },
    print: (printed) => {
      text += printed;
    },
  });
  return { code, text };
}

describe('init --yes', () => {
  test('grants the rights for what more is allowed, and no others', async () => {
    const more = ['--insert-once-by', 'id,tenant_id', '--delete', '--max-rows', '20', '--compensations'];
    const { code, out } = await run([...common(), ...INVOICES, ...more, ...SETTINGS]);
    expect(code).toBe(exitCodes.ok);
    expect(out).toContain('INSERT ("id", "tenant_id", "late_fee_cents", "waiver_reason"), DELETE');
    const { sources } = await loadConfig(configPath);
    expect(sources.src_shop?.tables).toMatchObject({
      'billing.invoices': {
        operations: {
          insert: { deduplication_columns: ['id', 'tenant_id'] },
          delete: { cascades: false, triggers: false },
          sets: { max_rows: 20 },
          compensations: true,
        },
      },
    });
    expect(sources.src_shop?.tables['public.settings']?.operations).toBeUndefined();
    await db.query(filled(out));
    expect(await examine()).toMatchObject({ code: exitCodes.ok });
  });

  test.each([['0'], ['101'], ['many']])('refuses --max-rows %s', async (rows) => {
    expect(await run([...common(), ...INVOICES, '--max-rows', rows])).toMatchObject({
      code: exitCodes.usage,
    });
  });

  test('makes a configuration and SQL after which the doctor finds nothing, in production', async () => {
    const { code, out } = await run([...common(), ...INVOICES, ...SETTINGS, '--sql', sqlPath]);
    expect(code).toBe(exitCodes.ok);
    expect(out).toBe(await readFile(sqlPath, 'utf8'));
    expect(await loadConfig(configPath)).toMatchObject({ mode: 'dry_run', profile: 'production' });
    await db.query(filled(out));
    const { code: health, text } = await examine();
    expect(text.split('\n').filter((line) => !line.startsWith('✓'))).toEqual(['']);
    expect(health).toBe(exitCodes.ok);
  });

  test('allows no rehearsals before somebody takes the comment away', async () => {
    await run([...common(), ...INVOICES]);
    const text = await readFile(configPath, 'utf8');
    expect(parseConfig(text).sources.src_shop?.rehearsals).toBeUndefined();
    const allowed = parseConfig(text.replace('// "rehearsals"', '"rehearsals"'));
    expect(allowed.sources.src_shop?.rehearsals).toMatchObject({ per_agent_a_minute: 30 });
  });

  test('gives no right that is not needed', async () => {
    await run([...common(), ...INVOICES, '--sql', sqlPath]);
    await db.query(filled(await readFile(sqlPath, 'utf8')));
    const rights = await db.query(
      `SELECT table_name AS t, privilege_type AS r, string_agg(column_name, ',' ORDER BY column_name) AS c
       FROM information_schema.column_privileges WHERE grantee = '${ROLE}' AND table_name = 'invoices' GROUP BY 1, 2 ORDER BY 1, 2`,
    );
    expect(rights).toEqual([
      { t: 'invoices', r: 'SELECT', c: 'id,tenant_id,version' },
      { t: 'invoices', r: 'UPDATE', c: 'late_fee_cents,version,waiver_reason' },
    ]);
    const whole = await db.query(
      `SELECT table_name AS t, privilege_type AS r FROM information_schema.table_privileges WHERE grantee = '${ROLE}' ORDER BY 1, 2`,
    );
    expect(whole).toEqual([
      { t: 'countersign_receipts', r: 'INSERT' },
      { t: 'countersign_receipts', r: 'SELECT' },
    ]);
  });

  test('makes SQL that does nothing until somebody put a password into it', async () => {
    const { out } = await run([...common(), ...INVOICES]);
    await expect(db.query(out)).rejects.toThrow('syntax error');
    expect(await db.query(`SELECT to_regclass('public.countersign_receipts') AS receipts`)).toEqual([
      { receipts: null },
    ]);
  });

  test('can put the receipts into a schema of their own', async () => {
    const { out } = await run([...common(), ...INVOICES, '--receipts', 'countersign.receipts']);
    await db.query(filled(out));
    expect(await examine()).toMatchObject({ code: exitCodes.ok });
  });

  test('writes what only its owner may read, and the next steps', async () => {
    const { err } = await run([...common(), ...INVOICES, '--sql', sqlPath]);
    for (const path of [configPath, sqlPath]) expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect(err).toContain(`doctor --config ${configPath}`);
    expect(err).toContain(`put a password into ${sqlPath}`);
  });

  test('replaces nothing that is there, unless it must', async () => {
    await writeFile(sqlPath, 'mine', { mode: 0o644 });
    const refused = await run([...common(), ...INVOICES, '--sql', sqlPath]);
    expect(refused).toMatchObject({ code: exitCodes.refused, err: expect.stringContaining('--force') });
    expect(await readFile(sqlPath, 'utf8')).toBe('mine');
    await expect(stat(configPath)).rejects.toThrow('ENOENT');
    expect((await run([...common(), ...INVOICES, '--sql', sqlPath, '--force'])).code).toBe(exitCodes.ok);
    expect(await readFile(sqlPath, 'utf8')).toContain('CREATE ROLE');
    expect((await stat(sqlPath)).mode & 0o777).toBe(0o600);
  });

  test('gives programs all of it in one document', async () => {
    const { out } = await run([...common(), ...INVOICES, '--json']);
    expect(JSON.parse(out)).toEqual({
      config: configPath,
      sql_file: null,
      sql: expect.stringContaining('GRANT SELECT, INSERT'),
      next: expect.any(Array),
    });
  });

  test.each<[string, () => readonly string[], string]>([
    [
      'everything',
      () => ['--yes'],
      'init --yes still needs --engine, --database-url-env, --control-plane-url, --source-id, --runner-id, --table',
    ],
    [
      'what is to be said of a table',
      () => [...common(), ...INVOICES, '--table', 'public.settings', '--version-column', 'updated_at'],
      'still needs --primary-key of public.settings, --tenant-column or --single-tenant of public.settings, --version-kind of public.settings, --columns of public.settings',
    ],
  ])('names what is missing: %s', async (_what, args, fault) => {
    const { code, err } = await run(args());
    expect(code).toBe(exitCodes.usage);
    expect(err).toContain(fault);
    await expect(stat(configPath)).rejects.toThrow('ENOENT');
  });

  test.each([
    [
      'a URL for its variable',
      ['--database-url-env', 'postgres://ada:topsecret@db/shop'],
      '--database-url-env must be the NAME',
    ],
    ['a token for its variable', ['--token-env', 'syn-run-topsecret'], '--token-env must be the NAME'],
    ['a column before its table', ['--primary-key', 'id'], 'must follow its --table'],
    ['a table without a schema', ['--table', 'topsecret'], '--table must be schema.table'],
    ['another engine', ['--engine', 'topsecret'], '--engine must be postgres or mysql'],
    [
      'a table with tenants and without',
      ['--table', 'a.b', '--tenant-column', 'tenant_id', '--single-tenant'],
      '--single-tenant contradicts --tenant-column and --tenant-values of a.b',
    ],
    [
      'the tenants of a table without',
      ['--table', 'a.b', '--single-tenant', '--tenant-values', 'topsecret'],
      '--single-tenant contradicts --tenant-column and --tenant-values of a.b',
    ],
  ])('refuses %s, and does not repeat it', async (_what, args, fault) => {
    const { code, err } = await run(['--yes', ...args]);
    expect(code).toBe(exitCodes.usage);
    expect(err).toContain(fault);
    expect(err).not.toContain('topsecret');
  });

  test('refuses answers that contradict each other, and writes nothing', async () => {
    const { code, err } = await run([...common(), ...INVOICES.with(-1, 'tenant_id')]);
    expect(code).toBe(exitCodes.usage);
    expect(err).toContain('is the tenant column and can never be written');
    await expect(stat(configPath)).rejects.toThrow('ENOENT');
  });

  test('asks for flags where there is no terminal', async () => {
    expect(await run([])).toMatchObject({
      code: exitCodes.usage,
      err: expect.stringContaining('give --yes'),
    });
  });
});

describe('init on a terminal', () => {
  const rest = () =>
    [
      ['Source id', 'src_shop'],
      ['Control plane', plane.url],
      ['Runner id', 'shop-1'],
    ] as const;

  test('offers what the catalog has, only reading, and takes no name that is not there', async () => {
    const asker = answering([
      ['Engine', ''],
      ['Environment variable', 'SHOP_URL'],
      ['Table \\(a number', '1'],
      ['Primary key', 'id'],
      ['Tenant column .* \\[tenant_id\\]', ''],
      ['Tenants', ''],
      ['Version column .* \\[version\\]', ''],
      ['Columns', 'late_fee_cents, wavier_reason'],
      ['Columns', 'version'],
      ['Columns', 'late_fee_cents'],
      ['Another table', 'y'],
      ['Table', 'public.settings'],
      ['Primary key .* \\[id\\]', ''],
      ['Tenant column', ''],
      ['Tenant column', 'none'],
      ['Version column .* \\[updated_at\\]', ''],
      ['Columns', 'value'],
      ['Another table', ''],
      ...rest(),
    ]);
    const { code, out } = await run([], { asker, environment: { SHOP_URL: db.url } });
    expect(code).toBe(exitCodes.ok);
    expect(asker.said).toContain('1  billing.invoices\n  2  public.settings\n');
    expect(asker.said).toContain('version int8 (can be the version)');
    expect(asker.said).toContain('there is no such column');
    expect(asker.said).toContain('that column has another task already');
    const { sources } = await loadConfig(configPath);
    expect(sources.src_shop?.tables).toMatchObject({
      'billing.invoices': { tenant: { column: 'tenant_id' }, columns: ['late_fee_cents'] },
      'public.settings': {
        tenant: { single_tenant: true },
        version: { column: 'updated_at', advance: 'timestamp' },
      },
    });
    await db.query(filled(out));
    expect(await examine()).toMatchObject({ code: exitCodes.ok });
    const { password } = new URL(db.url);
    expect(`${asker.said}${out}${await readFile(configPath, 'utf8')}`).not.toContain(password);
  });

  test('asks for everything by hand where the variable is not set, and again for what cannot be', async () => {
    const asker = answering([
      ['Engine', 'oracle'],
      ['Engine', 'postgres'],
      ['Environment variable', db.url],
      ['Environment variable', 'SHOP_URL'],
      ['Table \\(schema', 'invoices'],
      ['Table', 'billing.invoices'],
      ['Primary key', 'id'],
      ['Tenant column', 'tenant_id'],
      ['Tenants', 'acme'],
      ['Version column', 'version'],
      ['Its kind', 'integer'],
      ['Columns', 'late_fee_cents'],
      ['Another table', 'no'],
      ['Source id', 'src_shop'],
      ['Control plane', 'http://countersign.example'],
      ...rest().slice(1),
    ]);
    expect((await run([], { asker })).code).toBe(exitCodes.ok);
    expect(asker.said).toContain('SHOP_URL is not set here');
    expect(asker.said).not.toContain(new URL(db.url).password);
    expect(await loadConfig(configPath)).toMatchObject({ runner_id: 'shop-1' });
  });

  test('goes on by hand where the database does not answer', async () => {
    const asker = answering([
      ['Engine', ''],
      ['Environment variable', 'SHOP_URL'],
    ]);
    const url = 'postgres://ada:topsecret@127.0.0.1:1/shop';
    const { code, err } = await run([], { asker, environment: { SHOP_URL: url } });
    expect(code).toBe(exitCodes.failed);
    expect(asker.said).toContain('the database cannot be reached (cannot_connect)');
    expect(asker.said).not.toContain('topsecret');
    expect(err).toContain('nothing was written');
    await expect(stat(configPath)).rejects.toThrow('ENOENT');
  });

  test('asks again for a table that is mistyped, and takes it when it is meant', async () => {
    const left = new Error('answered');
    const until = async (...names: readonly string[]) => {
      const asker = answering([
        ['Engine', ''],
        ['Environment variable', 'SHOP_URL'],
        ...names.map((name) => ['Table', name] as const),
      ]);
      const ask = (question: string) =>
        question.startsWith('Primary key') ? Promise.reject(left) : asker.ask(question);
      const tell = (text: string) => asker.tell(text);
      await expect(run([], { asker: { ask, tell }, environment: { SHOP_URL: db.url } })).rejects.toBe(left);
      return asker.said;
    };
    const corrected = await until('billing.invocies', 'billing.invoices');
    expect(corrected).toContain('billing.invocies is not in that database');
    expect(corrected).toContain('late_fee_cents int4');
    expect(await until('billing.invocies', 'billing.invocies')).not.toContain('late_fee_cents int4');
  });

  test('does not ask what a flag says', async () => {
    const args = [...common().filter((flag) => flag !== '--yes'), ...INVOICES];
    expect((await run(args, { asker: answering([]) })).code).toBe(exitCodes.ok);
  });
});
