import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ConfigError } from './config-error.ts';
import { loadConfig, parseConfig } from './load-config.ts';
import { visibleColumns } from './runner-config.ts';

const invoices = {
  primary_key: 'id',
  tenant: { column: 'tenant_id', values: ['acme'] },
  version: { column: 'version', advance: 'integer' },
  columns: ['late_fee_cents', 'waiver_reason'],
};
const shop = {
  engine: 'postgres',
  database_url: { file: '/run/secrets/shop' },
  tables: { 'public.invoices': invoices },
};
const config = {
  control_plane: { url: 'https://countersign.example', token: { env: 'COUNTERSIGN_RUNNER_TOKEN' } },
  runner_id: 'runner-1',
  sources: { src_shop: shop },
};

const artifacts = {
  endpoint: 'https://s3.example',
  region: 'auto',
  bucket: 'letters',
  access_key_id: { env: 'KEY_ID' },
  secret_access_key: { env: 'SECRET' },
};
const tasks = { handlers: { model: { kind: 'model', provider: 'openai', model: 'small-1' } } };
const withSource = (change: object) => ({ ...config, sources: { src_shop: { ...shop, ...change } } });
const withTable = (change: object) =>
  withSource({ tables: { 'public.invoices': { ...invoices, ...change } } });
const withPlane = (change: object) => ({ ...config, control_plane: { ...config.control_plane, ...change } });

function faultsOf(value: unknown): readonly string[] {
  try {
    parseConfig(JSON.stringify(value));
  } catch (error) {
    if (error instanceof ConfigError) return error.faults;
    throw error;
  }
  return [];
}

describe('a configuration', () => {
  test('gets the defaults of what it leaves away', () => {
    expect(parseConfig(JSON.stringify(config))).toMatchObject({
      lanes: 8,
      sources: {
        src_shop: {
          receipts: { schema: 'public', table: 'countersign_receipts' },
          lock_timeout_ms: 2_000,
          statement_timeout_ms: 5_000,
          connections: 8,
          tables: { 'public.invoices': { protected_columns: [] } },
        },
      },
    });
  });

  test('allows no rehearsals unless it says so, and then the usual ones', () => {
    const sourceOf = (value: object) => parseConfig(JSON.stringify(value)).sources.src_shop;
    expect(sourceOf(config)).not.toHaveProperty('rehearsals');
    expect(sourceOf(withSource({ rehearsals: {} }))?.rehearsals).toEqual({
      lock_timeout_ms: 200,
      statement_timeout_ms: 2_000,
      per_agent_a_minute: 30,
      at_once: 1,
    });
  });

  test('may show what can be written, the key, the version, and what else it names', () => {
    const visible = (change: object) => {
      const { src_shop: source } = parseConfig(JSON.stringify(withTable(change))).sources;
      const table = source?.tables['public.invoices'];
      return table && visibleColumns(table);
    };
    const always = ['id', 'version', 'late_fee_cents', 'waiver_reason'];
    expect(visible({})).toEqual(always);
    expect(visible({ visible_columns: ['status', 'id', 'tenant_id'] })).toEqual([
      ...always,
      'status',
      'tenant_id',
    ]);
  });

  test.each(['http://localhost:8787', 'http://127.0.0.1:8787', 'http://127.1.2.3', 'http://[::1]:8787'])(
    'may name %s, which does not leave this machine, without TLS',
    (url) => expect(faultsOf(withPlane({ url }))).toEqual([]),
  );

  test('may have a lock waited for just shorter than the statement may take', () => {
    expect(faultsOf(withSource({ lock_timeout_ms: 4_999 }))).toEqual([]);
    const receipts = { schema: 'shop', table: 'receipts' };
    expect(faultsOf(withSource({ engine: 'mysql', receipts, lock_timeout_ms: 4_000 }))).toEqual([]);
  });

  const secretHint =
    'must name where the secret is: {"env": "NAME"} or {"file": "path"}, never the secret itself';
  test.each([
    ['a field that is not known', { ...config, verbose: true }, '$.verbose: this field is not known'],
    [
      'a field that is not known in a table',
      withTable({ where: '1=1' }),
      '$.sources.src_shop.tables["public.invoices"].where: this field is not known',
    ],
    [
      'a field that is not known in a tenant',
      withTable({ tenant: { column: 'tenant_id', any: true } }),
      '$.sources.src_shop.tables["public.invoices"].tenant.any: this field is not known',
    ],
    [
      'no tenant',
      withTable({ tenant: undefined }),
      '$.sources.src_shop.tables["public.invoices"].tenant: must be {"column": "..."} or, for a table without tenants, {"single_tenant": true}',
    ],
    [
      'a tenant that is denied',
      withTable({ tenant: { single_tenant: false } }),
      '$.sources.src_shop.tables["public.invoices"].tenant.single_tenant: Invalid input: expected true',
    ],
    [
      'a control plane without TLS',
      withPlane({ url: 'http://countersign.example' }),
      '$.control_plane.url: must begin with https:// (http:// is for this machine only: localhost, 127.0.0.1, [::1])',
    ],
    [
      'a control plane that only looks local',
      withPlane({ url: 'http://127.0.0.1.example' }),
      '$.control_plane.url: must begin with https:// (http:// is for this machine only: localhost, 127.0.0.1, [::1])',
    ],
    [
      'a control plane with a password',
      withPlane({ url: 'https://a:b@countersign.example' }),
      '$.control_plane.url: must not hold a user or password',
    ],
    [
      'a control plane with a path',
      withPlane({ url: 'https://countersign.example/api' }),
      '$.control_plane.url: must be an origin, without a path',
    ],
    [
      'a control plane that is a file',
      withPlane({ url: 'file:///etc/passwd' }),
      '$.control_plane.url: must begin with https://',
    ],
    [
      'a control plane that is no URL',
      withPlane({ url: 'countersign' }),
      '$.control_plane.url: is not a URL',
    ],
    ['a token inline', withPlane({ token: 'syn_run_abc' }), `$.control_plane.token: ${secretHint}`],
    [
      'a token as the name of a variable',
      withPlane({ token: { env: 'syn-run-abc' } }),
      '$.control_plane.token.env: must be the name of an environment variable, not a secret',
    ],
    [
      'a token as the path of a file',
      withPlane({ token: { file: 'syn_run_abc' } }),
      '$.control_plane.token.file: must be the path of a file, not a secret',
    ],
    [
      'a database inline',
      withSource({ database_url: 'postgres://a:b@db/shop' }),
      `$.sources.src_shop.database_url: ${secretHint}`,
    ],
    [
      'a database as the name of a variable',
      withSource({ database_url: { env: 'postgres://a:b@db/shop' } }),
      '$.sources.src_shop.database_url.env: must be the name of an environment variable, not a secret',
    ],
    [
      'a database as the path of a file',
      withSource({ database_url: { file: 'postgres://a:b@db/shop' } }),
      '$.sources.src_shop.database_url.file: must be the path of a file, not a secret',
    ],
    [
      'a field that is not known in rehearsals',
      withSource({ rehearsals: { sql: true } }),
      '$.sources.src_shop.rehearsals.sql: this field is not known',
    ],
    [
      'rehearsals that wait for a lock as long as a statement may take',
      withSource({ rehearsals: { lock_timeout_ms: 2_000 } }),
      '$.sources.src_shop.rehearsals.lock_timeout_ms: must be smaller than statement_timeout_ms; for MySQL and MariaDB rounded up to whole seconds, which is how they wait for locks',
    ],
    [
      'rehearsals of MySQL that do, rounded up',
      withSource({
        engine: 'mysql',
        receipts: { schema: 'shop', table: 'receipts' },
        rehearsals: { lock_timeout_ms: 200, statement_timeout_ms: 1_000 },
      }),
      '$.sources.src_shop.rehearsals.lock_timeout_ms: must be smaller than statement_timeout_ms; for MySQL and MariaDB rounded up to whole seconds, which is how they wait for locks',
    ],
    [
      'rehearsals without a limit',
      withSource({ rehearsals: { per_agent_a_minute: 0 } }),
      '$.sources.src_shop.rehearsals.per_agent_a_minute: Too small: expected number to be >=1',
    ],
    [
      'a visible column with a quote',
      withTable({ visible_columns: ['st"atus'] }),
      '$.sources.src_shop.tables["public.invoices"].visible_columns[0]: must be letters, digits and _, not begin with a digit, at most 63',
    ],
    [
      'another engine',
      withSource({ engine: 'oracle' }),
      '$.sources.src_shop.engine: must be "postgres", or "mysql" for MySQL and MariaDB',
    ],
    [
      'MySQL, and no place for the receipts',
      withSource({ engine: 'mysql' }),
      '$.sources.src_shop.receipts: must say in which database and table',
    ],
    [
      'a table without a schema',
      withSource({ tables: { invoices } }),
      '$.sources.src_shop.tables.invoices: must be schema.table, each of letters, digits and _',
    ],
    [
      'a table with a quote',
      withSource({ tables: { 'public.in"voices': invoices } }),
      '$.sources.src_shop.tables["public.in\\"voices"]: must be schema.table, each of letters, digits and _',
    ],
    ['no tables', withSource({ tables: {} }), '$.sources.src_shop.tables: must name at least one table'],
    [
      'the receipt table as a table',
      withSource({ tables: { 'public.countersign_receipts': invoices } }),
      '$.sources.src_shop.tables: must not hold the receipt table',
    ],
    [
      'a column with a quote',
      withTable({ columns: ['late"fee'] }),
      '$.sources.src_shop.tables["public.invoices"].columns[0]: must be letters, digits and _, not begin with a digit, at most 63',
    ],
    [
      'the key as a column',
      withTable({ columns: ['id'] }),
      '$.sources.src_shop.tables["public.invoices"].columns[0]: is the primary key and can never be written',
    ],
    [
      'the tenant as a column',
      withTable({ columns: ['tenant_id'] }),
      '$.sources.src_shop.tables["public.invoices"].columns[0]: is the tenant column and can never be written',
    ],
    [
      'the version as a column',
      withTable({ columns: ['version'] }),
      '$.sources.src_shop.tables["public.invoices"].columns[0]: is the version column and can never be written',
    ],
    [
      'a protected column as a column',
      withTable({ protected_columns: ['waiver_reason'] }),
      '$.sources.src_shop.tables["public.invoices"].columns[1]: is a protected column and can never be written',
    ],
    [
      'an operation that nobody knows',
      withTable({ operations: { truncate: true } }),
      '$.sources.src_shop.tables["public.invoices"].operations.truncate: this field is not known',
    ],
    [
      'inserts that nothing keeps apart',
      withTable({ operations: { insert: {} } }),
      '$.sources.src_shop.tables["public.invoices"].operations.insert.deduplication_columns: Invalid input: expected array, received undefined',
    ],
    [
      'inserts that are kept apart without the tenant',
      withTable({ operations: { insert: { deduplication_columns: ['id'] } } }),
      '$.sources.src_shop.tables["public.invoices"].operations.insert.deduplication_columns: must hold tenant_id, so that no tenant stands in the way of another',
    ],
    [
      'inserts that are kept apart by the version',
      withTable({ operations: { insert: { deduplication_columns: ['tenant_id', 'version'] } } }),
      '$.sources.src_shop.tables["public.invoices"].operations.insert.deduplication_columns: must not hold version, which a job can never set',
    ],
    [
      'inserts that are kept apart by one column twice',
      withTable({ operations: { insert: { deduplication_columns: ['tenant_id', 'ID', 'id'] } } }),
      '$.sources.src_shop.tables["public.invoices"].operations.insert.deduplication_columns: must not name a column twice',
    ],
    [
      'deletes that just are',
      withTable({ operations: { delete: true } }),
      '$.sources.src_shop.tables["public.invoices"].operations.delete: Invalid input: expected object, received boolean',
    ],
    [
      'sets of more rows than a job can name',
      withTable({ operations: { sets: { max_rows: 101 } } }),
      '$.sources.src_shop.tables["public.invoices"].operations.sets.max_rows: Too big: expected number to be <=100',
    ],
    [
      'compensations that are not wanted',
      withTable({ operations: { compensations: false } }),
      '$.sources.src_shop.tables["public.invoices"].operations.compensations: Invalid input: expected true',
    ],
    [
      'one column as key and version',
      withTable({ primary_key: 'version' }),
      '$.sources.src_shop.tables["public.invoices"]: primary key, tenant and version must be different columns',
    ],
    [
      'a lock waited for as long as the statement may take',
      withSource({ lock_timeout_ms: 5_000 }),
      '$.sources.src_shop.lock_timeout_ms: must be smaller than statement_timeout_ms; for MySQL and MariaDB rounded up to whole seconds, which is how they wait for locks',
    ],
    [
      'MySQL, and a lock waited for as long in whole seconds',
      withSource({
        engine: 'mysql',
        receipts: { schema: 'shop', table: 'receipts' },
        lock_timeout_ms: 4_001,
      }),
      '$.sources.src_shop.lock_timeout_ms: must be smaller than statement_timeout_ms; for MySQL and MariaDB rounded up to whole seconds, which is how they wait for locks',
    ],
    [
      'no sources',
      { ...config, sources: {} },
      '$.sources: must name at least one source, or executors at least one target, or tasks a handler',
    ],
    [
      'tasks without a place for what they make',
      { ...config, models: { openai: { base_url: 'https://api.openai.com/v1' } }, tasks },
      '$.artifacts: is needed with tasks, whose handlers keep there what they make',
    ],
    [
      'tasks of a provider that is none of its models',
      { ...config, artifacts, tasks },
      '$.tasks.handlers.model.provider: must be one of models',
    ],
    [
      'tasks without a handler',
      { ...config, artifacts, tasks: { handlers: {} } },
      '$.tasks.handlers: must name at least one handler',
    ],
    [
      'a handler of a kind that is not known',
      { ...config, artifacts, tasks: { handlers: { model: { ...tasks.handlers.model, kind: 'shell' } } } },
      '$.tasks.handlers.model.kind: must be "model"',
    ],
    [
      'a runner id with a blank',
      { ...config, runner_id: 'runner 1' },
      '$.runner_id: must be letters, digits and _ . : -',
    ],
    [
      'a field of its artifacts that is not known',
      {
        ...config,
        artifacts: {
          endpoint: 'https://s3.example',
          region: 'auto',
          bucket: 'letters',
          access_key_id: { env: 'KEY_ID' },
          secret_access_key: { env: 'SECRET' },
          acl: 'public-read',
        },
      },
      '$.artifacts.acl: this field is not known',
    ],
    [
      'a model without a URL',
      { ...config, models: { openai: { base_url: 'api.openai.com' } } },
      '$.models.openai.base_url: is not a URL',
    ],
    ['too many lanes', { ...config, lanes: 51 }, '$.lanes: Too big: expected number to be <=50'],
  ])('with %s is refused, and told where', (_name, value, fault) => {
    expect(faultsOf(value)).toEqual([fault]);
  });

  test('tells all its faults at once', () => {
    expect(faultsOf({ ...withPlane({ url: 'x', token: 'y' }), lanes: 0 })).toHaveLength(3);
  });

  test('that holds a secret does not have it in its faults', () => {
    const secrets = {
      ...withPlane({ token: 'syn_run_topsecret' }),
      ...withSource({ database_url: 'postgres://u:topsecret@h/d' }),
    };
    expect(faultsOf(secrets).join()).not.toContain('topsecret');
    expect(() => parseConfig('{"token": "topsecret" oops')).toThrow(
      'the configuration file is not valid JSON',
    );
  });
});

describe('a file', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'countersign-config-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  test('is loaded, or named in the fault', async () => {
    const path = join(folder, 'runner.json');
    await writeFile(path, JSON.stringify(config));
    expect((await loadConfig(path)).control_plane.token).toEqual({ env: 'COUNTERSIGN_RUNNER_TOKEN' });
  });

  test('that cannot be read says why', async () => {
    await expect(loadConfig(join(folder, 'none.json'))).rejects.toThrow('none.json cannot be read (ENOENT)');
    await expect(loadConfig(folder)).rejects.toThrow('cannot be read (EISDIR)');
  });

  test('is named before each of its faults', async () => {
    const path = join(folder, 'wrong.json');
    await writeFile(path, JSON.stringify({ ...config, lanes: 0, verbose: true }));
    const thrown = await loadConfig(path).catch((error: unknown) => error);
    if (!(thrown instanceof ConfigError)) throw thrown;
    expect(thrown.faults).toHaveLength(2);
    for (const fault of thrown.faults) expect(fault.startsWith(`${path}: $.`)).toBe(true);
    await writeFile(path, '{');
    await expect(loadConfig(path)).rejects.toThrow(`${path}: the configuration file is not valid JSON`);
  });
});
