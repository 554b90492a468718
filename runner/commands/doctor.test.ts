import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
// biome-ignore lint/plugin: the servers that tests start are shared by all packages and stand outside them
import type { FakeControlPlane } from '../../test/support/fake-control-plane.ts';
// biome-ignore lint/plugin: as above
import type { PostgresServer, TestDatabase } from '../../test/support/postgres-server.ts';
// biome-ignore lint/plugin: as above
import { useShopAndPlane } from '../../test/support/shop-and-plane.ts';
import { receiptTableSql } from '../databases/postgres/receipts-sql.ts';
import { exitCodes } from '../exit-codes.ts';
import { sampleConfig } from '../verify/sample-job.ts';
import { doctor } from './doctor.ts';

const shopSql = `
  CREATE TABLE invoices (
    id text NOT NULL, tenant_id text NOT NULL, version bigint NOT NULL, late_fee_cents integer NOT NULL,
    waiver_reason text, created_by text, total numeric, PRIMARY KEY (tenant_id, id));
  CREATE TABLE settings (id text PRIMARY KEY, value text, updated_at timestamptz NOT NULL);
  CREATE TABLE payments (id integer, cents integer);
  INSERT INTO invoices VALUES ('INV-1', 'acme', 7, 5500, NULL, 'ada', 1);
  ${receiptTableSql('public', 'countersign_receipts')};
  REVOKE CREATE ON SCHEMA public FROM PUBLIC;`;
const LEAST = [
  'GRANT SELECT (id, tenant_id, version), UPDATE (late_fee_cents, waiver_reason, version) ON invoices TO',
  'GRANT SELECT (id, updated_at), UPDATE (value, updated_at) ON settings TO',
  'GRANT SELECT, INSERT ON countersign_receipts TO',
];
const SECRET = 'doctorspassword';
const COVERED = {
  authenticated: true,
  project_id: 'prj_acme',
  source_ids: ['src_shop'],
  permissions: ['writeback:claim', 'writeback:heartbeat', 'writeback:result'],
};

vi.setConfig({ testTimeout: 30_000 });

let server: PostgresServer;
let plane: FakeControlPlane;
let folder: string;
let db: TestDatabase;
let role: string;

useShopAndPlane(shopSql, (shop) => {
  ({ server, db, plane, folder } = shop);
});
beforeEach(async () => {
  plane.doctor = COVERED;
  role = `doctor_${db.name}`;
  await db.query(`CREATE ROLE ${role} LOGIN PASSWORD '${SECRET}'`);
  for (const grant of LEAST) await db.query(`${grant} ${role}`);
});
afterEach(async () => {
  await db.query(`REASSIGN OWNED BY ${role} TO postgres`);
  await db.query(`DROP OWNED BY ${role}`);
});

interface Run {
  readonly profile?: 'development' | 'production';
  readonly environment?: NodeJS.ProcessEnv;
  readonly url?: string;
  readonly isJson?: boolean;
  readonly createsReceipts?: boolean;
  readonly allowsRehearsals?: boolean;
}

async function run({
  profile = 'production',
  environment = {},
  url = plane.url,
  isJson = false,
  createsReceipts = false,
  allowsRehearsals = false,
}: Run = {}) {
  const configPath = join(folder, 'runner.json');
  const control_plane = { ...sampleConfig.control_plane, url };
  const sources = structuredClone(sampleConfig.sources);
  Object.assign(sources.src_shop ?? {}, allowsRehearsals ? { rehearsals: { per_agent_a_minute: 7 } } : {});
  await writeFile(configPath, JSON.stringify({ ...sampleConfig, sources, control_plane, profile }));
  let text = '';
  const code = await doctor({
    configPath,
    isJson,
    createsReceipts,
    environment: {
      COUNTERSIGN_RUNNER_TOKEN: plane.token,
      SHOP_DATABASE_URL: server.url(db.name, { role, password: SECRET }),
      ...environment,
    },
    print: (printed) => {
      text += printed;
    },
  });
  for (const secret of [SECRET, plane.token]) expect(text).not.toContain(secret);
  return { code, text, lines: text.trimEnd().split('\n') };
}

const everything = () =>
  db.query(
    'SELECT (SELECT jsonb_agg(i) FROM invoices i) AS i, (SELECT jsonb_agg(r) FROM countersign_receipts r) AS r',
  );

describe('the doctor', () => {
  test('finds nothing wrong where nothing is, and changes nothing', async () => {
    const before = await everything();
    const { code, lines } = await run();
    expect(lines).toEqual([
      '✓ configuration: src_shop; profile production',
      '✓ token: project prj_acme, sources src_shop',
      expect.stringMatching(/^✓ src_shop: PostgreSQL \d+/),
      '✓ src_shop: public.invoices, public.settings as configured',
      '✓ src_shop: a receipt could be written, and was taken back',
      '✓ src_shop: the role may change what the runner needs to, and nothing else',
    ]);
    expect(code).toBe(exitCodes.ok);
    expect(await everything()).toEqual(before);
  });

  test('says whether what rehearsals tell can be read', async () => {
    const { code, text } = await run({ allowsRehearsals: true });
    expect(code).toBe(exitCodes.refused);
    for (const column of ['late_fee_cents', 'waiver_reason'])
      expect(text).toContain(`✗ src_shop public.invoices: SELECT on column ${column} is needed\n`);
    expect(text).toContain('✗ src_shop public.settings: SELECT on column value is needed\n');
    await db.query(`GRANT SELECT (late_fee_cents, waiver_reason) ON invoices TO ${role}`);
    await db.query(`GRANT SELECT (value) ON settings TO ${role}`);
    const granted = await run({ allowsRehearsals: true });
    expect(granted.code).toBe(exitCodes.ok);
    expect(granted.lines).toContain('✓ src_shop: allows 7 rehearsals a minute to each agent');
  });

  test.each<[string, (role: string) => string, string]>([
    ['a superuser', (name) => `ALTER ROLE ${name} SUPERUSER`, 'is a superuser; make a role that is not'],
    ['BYPASSRLS', (name) => `ALTER ROLE ${name} BYPASSRLS`, 'NOBYPASSRLS'],
    ['CREATEROLE', (name) => `ALTER ROLE ${name} CREATEROLE`, 'NOCREATEROLE'],
    [
      'the owner of a table',
      (name) => `ALTER TABLE invoices OWNER TO ${name}`,
      'owns it; ALTER TABLE public.invoices OWNER TO',
    ],
    [
      'a right to create',
      (name) => `GRANT CREATE ON SCHEMA public TO ${name}`,
      'REVOKE CREATE ON SCHEMA public FROM',
    ],
    ['DELETE', (name) => `GRANT DELETE ON invoices TO ${name}`, 'REVOKE DELETE ON public.invoices FROM'],
    ['INSERT', (name) => `GRANT INSERT ON settings TO ${name}`, 'REVOKE INSERT ON public.settings FROM'],
    [
      'INSERT of a column',
      (name) => `GRANT INSERT (id) ON settings TO ${name}`,
      'REVOKE INSERT ("id") ON public.settings FROM',
    ],
    [
      'another column',
      (name) => `GRANT UPDATE (total) ON invoices TO ${name}`,
      'REVOKE UPDATE ("total") ON public.invoices FROM',
    ],
    [
      'all columns',
      (name) => `GRANT UPDATE ON settings TO ${name}`,
      'REVOKE UPDATE ON public.settings FROM doctor',
    ],
    [
      'all columns, through PUBLIC',
      () => 'GRANT UPDATE ON settings TO PUBLIC',
      'REVOKE UPDATE ON public.settings FROM PUBLIC; GRANT UPDATE ("value", "updated_at") ON public.settings TO doctor',
    ],
    [
      'DELETE, through PUBLIC',
      () => 'GRANT DELETE ON invoices TO PUBLIC',
      'REVOKE DELETE ON public.invoices FROM PUBLIC',
    ],
    [
      'changing receipts',
      (name) => `GRANT UPDATE ON countersign_receipts TO ${name}`,
      'REVOKE UPDATE ON public.countersign_receipts FROM doctor',
    ],
    [
      'changing a column of receipts, through PUBLIC',
      () => 'GRANT UPDATE (status) ON countersign_receipts TO PUBLIC',
      'REVOKE UPDATE ("status") ON public.countersign_receipts FROM PUBLIC',
    ],
    [
      'a right to another table',
      (name) => `GRANT INSERT, TRUNCATE ON payments TO ${name}`,
      'REVOKE INSERT, TRUNCATE ON public.payments FROM doctor',
    ],
    [
      'a right to a column of another table, through PUBLIC',
      () => 'GRANT UPDATE (cents) ON payments TO PUBLIC',
      'REVOKE UPDATE ON public.payments FROM PUBLIC',
    ],
    [
      'a table of its own',
      (name) => `ALTER TABLE payments OWNER TO ${name}`,
      'is not configured; ALTER TABLE public.payments OWNER TO',
    ],
    ['all data', (name) => `GRANT pg_write_all_data TO ${name}`, 'REVOKE pg_write_all_data FROM doctor'],
    [
      'a role that it does not inherit from',
      (name) => `GRANT pg_execute_server_program TO ${name} WITH INHERIT FALSE`,
      'REVOKE pg_execute_server_program FROM doctor',
    ],
    [
      'removing receipts',
      (name) => `GRANT DELETE ON countersign_receipts TO ${name}`,
      'REVOKE DELETE ON public.countersign_receipts FROM',
    ],
  ])('refuses a role with %s in production, and warns elsewhere', async (_what, grant, fix) => {
    await db.query(grant(role));
    const production = await run();
    expect(production.code).toBe(exitCodes.refused);
    expect(production.lines.filter((line) => line.startsWith('✗')).join('\n')).toContain(fix);
    const development = await run({ profile: 'development' });
    expect(development.code).toBe(exitCodes.ok);
    const warnings = development.lines.filter((line) => line.startsWith('!'));
    expect(warnings.join('\n')).toContain(fix);
    if (!fix.startsWith('REVOKE')) return;
    for (const warning of warnings) await db.query(warning.slice(warning.indexOf('REVOKE')));
    expect((await run()).text).toContain('✓ src_shop: the role may');
  });

  test('names the role that a right comes through, and what takes it away', async () => {
    const group = `group_${db.name}`;
    await db.query(
      `CREATE ROLE ${group}; GRANT DELETE ON invoices TO ${group}; GRANT ${group} TO ${role} WITH INHERIT FALSE`,
    );
    const { lines } = await run();
    expect(lines.filter((line) => line.startsWith('✗'))).toEqual([
      `✗ src_shop role: is a member of ${group}, and may do what that may; REVOKE ${group} FROM ${role}`,
      `✗ src_shop public.invoices: ${group} has DELETE; REVOKE DELETE ON public.invoices FROM ${group}`,
    ]);
    await db.query(`DROP OWNED BY ${group}; DROP ROLE ${group}`);
    expect((await run()).code).toBe(exitCodes.ok);
  });

  test('names who gave a membership, where it is not taken away without', async () => {
    const [group, giver] = [`group_${db.name}`, `giver_${db.name}`];
    await db.query(`CREATE ROLE ${group}; CREATE ROLE ${giver}; GRANT ${group} TO ${giver} WITH ADMIN OPTION;
      SET ROLE ${giver}; GRANT ${group} TO ${role}; RESET ROLE`);
    const { lines } = await run();
    const [finding = '', ...others] = lines.filter((line) => line.startsWith('✗'));
    expect(others).toEqual([]);
    await db.query(finding.slice(finding.indexOf('REVOKE')));
    expect((await run()).code).toBe(exitCodes.ok);
    await db.query(`DROP ROLE ${group}; DROP ROLE ${giver}`);
  });

  test('names twenty other tables, and counts the rest', async () => {
    await db.query(`DO $$ BEGIN FOR i IN 1..23 LOOP
      EXECUTE format('CREATE TABLE other_%s (id int); GRANT DELETE ON other_%s TO PUBLIC', i, i); END LOOP; END $$`);
    const { lines } = await run();
    const found = lines.filter((line) => line.startsWith('✗'));
    expect(found).toHaveLength(21);
    expect(found.at(-1)).toBe('✗ src_shop role: has rights to change 3 more that are not configured');
  });

  test('takes a role that policies do not bind where a table has some, and no other', async () => {
    await db.query('ALTER TABLE invoices ENABLE ROW LEVEL SECURITY');
    expect((await run()).text).toContain(
      '✗ src_shop public.invoices: row-level security is active for this role',
    );
    await db.query(`ALTER ROLE ${role} BYPASSRLS`);
    expect((await run()).code).toBe(exitCodes.ok);
  });

  test('finds a token that does not cover the source, or is not good for what is needed', async () => {
    plane.doctor = {
      ...COVERED,
      source_ids: ['src_other'],
      permissions: ['writeback:claim', 'writeback:heartbeat'],
    };
    const { code, lines } = await run();
    expect(code).toBe(exitCodes.refused);
    expect(lines).toContain('✗ token: it does not cover the source src_shop; issue one that does');
    expect(lines).toContain('✗ token: it lacks writeback:result; issue a runner token');
  });

  test('finds a token that is not valid', async () => {
    const { code, text } = await run({ environment: { COUNTERSIGN_RUNNER_TOKEN: 'syn_run_other' } });
    expect(code).toBe(exitCodes.refused);
    expect(text).toContain('✗ control plane: token_invalid; issue a runner token');
  });

  test('tells what does not answer from what is wrong', async () => {
    const { code, text } = await run({ url: 'http://127.0.0.1:1' });
    expect(code).toBe(exitCodes.unreachable);
    expect(text).toContain('✗ control plane: network_unavailable; check control_plane.url');
    const away = await run({
      environment: { SHOP_DATABASE_URL: `postgres://${role}:${SECRET}@127.0.0.1:1/x` },
    });
    expect(away.code).toBe(exitCodes.unreachable);
    expect(away.text).toContain('✗ src_shop: the database cannot be reached (cannot_connect)');
    const stranger = await run({
      environment: { SHOP_DATABASE_URL: server.url(db.name, { role, password: 'another' }) },
    });
    expect(stranger.code).toBe(exitCodes.refused);
    expect(stranger.text).toContain('✗ src_shop: the database refused the login (28P01)');
  });

  test('lets nothing that a control plane says steer the terminal', async () => {
    plane.doctor = { ...COVERED, project_id: '\u001b]0;pwned\u0007\u009b2K' };
    const { text } = await run();
    expect(text).toContain('project \uFFFD]0;pwned\uFFFD\uFFFD2K, sources');
  });

  test('finds a receipt table that takes no receipts', async () => {
    await db.query('ALTER TABLE countersign_receipts ADD CONSTRAINT none CHECK (attempt > 1)');
    const { code, text } = await run();
    expect(code).toBe(exitCodes.refused);
    expect(text).toContain('a receipt cannot be written (SQLSTATE 23514)');
  });

  test('prints what creates the receipt table where there is none', async () => {
    await db.query('DROP TABLE countersign_receipts');
    const { code, text } = await run();
    expect(code).toBe(exitCodes.refused);
    const [, sql = ''] = /(CREATE TABLE IF NOT EXISTS[^;]*);/.exec(text) ?? [];
    await db.query(`${sql}; GRANT SELECT, INSERT ON countersign_receipts TO ${role}`);
    expect((await run()).code).toBe(exitCodes.ok);
  });

  test('creates it only when told to, and only where the role may', async () => {
    await db.query('DROP TABLE countersign_receipts');
    const refused = await run({ createsReceipts: true, profile: 'development' });
    expect(refused.code).toBe(exitCodes.refused);
    expect(refused.text).toContain('the role may not create the receipt table (42501)');
    await db.query(`GRANT CREATE ON SCHEMA public TO ${role}`);
    await run({ profile: 'development' });
    expect(await db.query(`SELECT to_regclass('countersign_receipts') AS found`)).toEqual([{ found: null }]);
    const created = await run({ createsReceipts: true, profile: 'development' });
    expect(created.lines).toContain(
      '✓ src_shop public.countersign_receipts: the receipt table was not there, and was created',
    );
    expect(created.code).toBe(exitCodes.ok);
  });

  test('says every fault of a table at once, for programs too', async () => {
    await db.query('ALTER TABLE invoices DROP COLUMN waiver_reason');
    await db.query('DROP TABLE settings');
    const { code, text } = await run({ isJson: true });
    expect(code).toBe(exitCodes.refused);
    expect(
      JSON.parse(text).checks.filter(({ outcome }: { outcome: string }) => outcome === 'failed'),
    ).toMatchObject([
      { where: 'src_shop public.invoices', what: 'there is no column waiver_reason' },
      { where: 'src_shop public.settings', what: 'the table does not exist, or its schema is not visible' },
    ]);
  });

  test('names a secret that is missing', async () => {
    const { code, text } = await run({ environment: { SHOP_DATABASE_URL: '' } });
    expect(code).toBe(exitCodes.refused);
    expect(text).toContain('✗ src_shop: the environment variable SHOP_DATABASE_URL is not set or empty');
  });
});
