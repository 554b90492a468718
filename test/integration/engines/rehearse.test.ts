import type { TablePermission } from '@countersign/runner/config/runner-config';
import type { SourceDatabase } from '@countersign/runner/databases/source-database';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { testEngines } from '../../support/engines.ts';
import { eventually } from '../../support/eventually.ts';
import { FakeControlPlane } from '../../support/fake-control-plane.ts';
import { TcpProxy } from '../../support/tcp-proxy.ts';
import { jobOf, rehearsalOf, ShopRunners } from './support/shop-runner.ts';
import { useShop } from './support/use-shop.ts';

/** Columns by name: how PostgreSQL and MySQL declare them, a value as SQL of each, and as what it is told. */
const typed: Readonly<Record<string, readonly [postgres: TypedColumn, mysql: TypedColumn]>> = {
  small: same('int', '42', 42),
  wide: same('bigint', '9007199254740991', 9_007_199_254_740_991),
  big: same('bigint', '9223372036854775807', '9223372036854775807'),
  weight: same('decimal(30, 10)', '12345678901234567890.0123456789', '12345678901234567890.0123456789'),
  day: same('date', "'2026-01-02'", '2026-01-02'),
  ok: same('boolean', 'true', true),
  words: same('text', "'zażółć, 漢字, مرحبا, \u{1F9FE}'", 'zażółć, 漢字, مرحبا, \u{1F9FE}'),
  digits: same('varchar(20)', "'0042'", '0042'),
  nothing: same('text', 'NULL', null),
  unset: same('boolean', 'NULL', null),
  extra: same('json', `'{"a": [1, 2.5]}'`, '{"a": [1, 2.5]}'),
  moment: [
    ['timestamptz', "'2026-01-02 03:04:05.678901+02'", '2026-01-02 01:04:05.678901+00'],
    ['timestamp(6) NULL', "'2026-01-02 03:04:05.678901'", '2026-01-02 03:04:05.678901'],
  ],
  mood: [
    ['mood', "'it''s'", "it's"],
    ["enum('calm','it''s')", "'it''s'", "it's"],
  ],
  raw: [
    ['bytea', "'\\x00ff10'", '\\x00ff10'],
    ['varbinary(10)', "X'00ff10'", '0x00FF10'],
  ],
  ident: [
    ['uuid', "'123e4567-e89b-12d3-a456-426614174000'", '123e4567-e89b-12d3-a456-426614174000'],
    ['binary(16)', "X'123e4567e89b12d3a456426614174000'", '123e4567-e89b-12d3-a456-426614174000'],
  ],
  flags: [
    ['bit(3)', "B'101'", '101'],
    ['bit(3)', "b'101'", 5],
  ],
  single: [
    ['domain_of_boolean', 'false', false],
    ['bit(1)', "b'0'", false],
  ],
};
type TypedColumn = readonly [type: string, sql: string, told: string | number | boolean | null];

function same(...column: TypedColumn): readonly [TypedColumn, TypedColumn] {
  return [column, column];
}

let runners: ShopRunners;
beforeAll(async () => {
  runners = await ShopRunners.create();
});
afterAll(() => runners.remove());

const parcels: TablePermission = {
  primary_key: 'id',
  tenant: { column: 'tenant_id' },
  version: { column: 'version', advance: 'integer' },
  columns: ['note', 'big', 'ok', 'weight', 'nothing', 'words'],
  protected_columns: ['secret'],
  visible_columns: Object.keys(typed),
};

describe.each(await testEngines())('$name: a rehearsal', (engine) => {
  const shop = useShop(engine);
  const isPostgres = engine.engine === 'postgres';
  const columns = Object.entries(typed).map(
    ([name, [postgres, mysql]]) => [name, ...(isPostgres ? postgres : mysql)] as const,
  );
  const told = Object.fromEntries(columns.map(([name, , , value]) => [name, value]));

  async function makeParcels(): Promise<void> {
    const types = `CREATE TYPE mood AS ENUM ('calm', 'it''s'); CREATE DOMAIN domain_of_boolean AS boolean;`;
    await shop.db.query(`${isPostgres ? types : "SET time_zone = '+00:00';"}
      CREATE TABLE parcels (id int PRIMARY KEY, tenant_id varchar(20) NOT NULL, version bigint NOT NULL, note text,
        secret text, ${columns.map(([name, type]) => `${name} ${type}`).join(', ')})
        ${isPostgres ? '' : 'DEFAULT CHARACTER SET utf8mb4'};
      INSERT INTO parcels VALUES (1, 'acme', 9007199254740993, 'old', 'kept out',
        ${columns.map(([, , sql]) => sql).join(', ')});`);
  }

  const everything = (table: string) => shop.db.query(`SELECT * FROM ${table} ORDER BY 1, 2`);

  /** Nobody holds the lock of a row any more; of a connection that was given up the server lets go once it notices. */
  async function untouched(): Promise<void> {
    const session = await shop.session();
    await eventually(
      async () => {
        await session.query('BEGIN');
        const taken = session.query('SELECT 1 FROM invoices FOR UPDATE NOWAIT');
        const isFree = await taken.then(
          () => true,
          () => false,
        );
        await session.query('ROLLBACK');
        return isFree;
      },
      (isFree) => isFree,
    );
    expect(await shop.receipts()).toEqual([]);
    expect(await shop.invoice('INV-1', 'acme')).toMatchObject({
      version: '7',
      late_fee_cents: '5500',
      waiver_reason: 'none',
      memo: null,
    });
  }

  const invoice = (change: object) => ({
    id: 'INV-1',
    version: 7,
    late_fee_cents: 5500,
    waiver_reason: 'none',
    memo: null,
    ...change,
  });

  describe('of a row', () => {
    test('tells what it was and would be, and leaves it as it was', async () => {
      expect(await shop.rehearse()).toEqual({
        kind: 'done',
        before: invoice({}),
        after: invoice({ version: 8, late_fee_cents: 0, waiver_reason: 'goodwill' }),
        version: 7,
        lockHeldMs: expect.any(Number),
      });
      await untouched();
    });

    test('tells every type exactly, before and after', async () => {
      await makeParcels();
      const before = await everything('parcels');
      const patch = {
        note: 'new',
        big: '-9223372036854775808',
        ok: 'false',
        weight: '0.0000000001',
        nothing: 'Ω\n"x"',
        words: '',
      };
      const outcome = await shop.rehearse(
        {
          table: shop.table('parcels'),
          primaryKey: '1',
          columns: Object.keys(patch),
          values: Object.values(patch),
          visible: ['id', 'version', 'note', ...Object.keys(typed)],
        },
        shop.connect({ rehearsals: {}, tables: { parcels } }),
      );
      expect(outcome).toEqual({
        kind: 'done',
        before: { ...told, id: 1, version: '9007199254740993', note: 'old' },
        after: { ...told, ...patch, ok: false, id: 1, version: '9007199254740994' },
        version: '9007199254740993',
        lockHeldMs: expect.any(Number),
      });
      expect(await everything('parcels')).toEqual(before);
    });

    test.each(shop.sql.timedTables.map(({ table }) => table))(
      'tells a version that is a moment of %s at full precision',
      async (table) => {
        const zone = shop.sql.timedTables.find((each) => each.table === table)?.zone;
        const outcome = await shop.rehearse({
          table: shop.table(table),
          primaryKey: '1',
          tenant: undefined,
          columns: ['body'],
          values: ['new'],
          visible: ['body', 'changed_at'],
        });
        const version = `2020-02-29 12:00:00.123456${zone}`;
        expect(outcome).toMatchObject({
          kind: 'done',
          before: { body: 'old', changed_at: version },
          after: { body: 'new', changed_at: expect.stringMatching(/^20[2-9]\d-\d\d-\d\d .*\.\d{1,6}/) },
          version,
        });
        expect(await shop.rows(`SELECT body FROM ${table} WHERE id = 1`)).toEqual([{ body: 'old' }]);
      },
    );

    test('shows what a trigger makes of it', async () => {
      await shop.db.query(
        isPostgres
          ? `CREATE FUNCTION stamp() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN NEW.memo := ''stamped''; RETURN NEW; END';
             CREATE TRIGGER stamp BEFORE UPDATE ON invoices FOR EACH ROW EXECUTE FUNCTION stamp()`
          : `CREATE TRIGGER stamp BEFORE UPDATE ON invoices FOR EACH ROW SET NEW.memo = 'stamped'`,
      );
      expect(await shop.rehearse()).toMatchObject({ before: { memo: null }, after: { memo: 'stamped' } });
      await untouched();
    });

    test('leaves nothing of what a trigger writes elsewhere', async () => {
      await shop.db.query(shop.sql.triggers.audit);
      expect(await shop.rehearse()).toMatchObject({ kind: 'done' });
      expect(await shop.db.query('SELECT * FROM audit')).toEqual([]);
    });

    test('asks the database for nothing but what may be told', async () => {
      await makeParcels();
      const { proxy, url } = await shop.proxied();
      const plan = { table: shop.table('parcels'), primaryKey: '1', columns: ['note'], values: ['new'] };
      const database = shop.connect({ url, rehearsals: {}, tables: { parcels } });
      const outcome = await shop.rehearse({ ...plan, visible: ['note'] }, database);
      expect(outcome).toMatchObject({ kind: 'done', before: { note: 'old' }, after: { note: 'new' } });
      expect(proxy.sent).toContain('parcels');
      for (const name of ['secret', 'small', 'SELECT *']) expect(proxy.sent).not.toContain(name);
    });

    test('of another tenant is not found, nor one that is not there', async () => {
      await shop.db.query(`DELETE FROM invoices WHERE tenant_id = 'acme' AND id = 'INV-1'`);
      expect(await shop.rehearse()).toEqual({ kind: 'row_not_found' });
      expect(await shop.rehearse({ primaryKey: 'INV-9' })).toEqual({ kind: 'row_not_found' });
      expect(await shop.rehearse({ tenant: 'globex' })).toMatchObject({ kind: 'done' });
    });

    test('that has a receipt already is rehearsed all the same, and keeps the receipt', async () => {
      await shop.run();
      const receipts = await shop.receipts();
      expect(await shop.rehearse({ values: ['1', 'again'] })).toMatchObject({
        kind: 'done',
        before: { version: 8 },
        after: { version: 9, late_fee_cents: 1 },
        version: 8,
      });
      expect(await shop.receipts()).toEqual(receipts);
    });

    test('that others change meanwhile is looked at again', async () => {
      const blocker = await shop.blocker();
      const database = shop.connect({
        rehearsals: { lock_timeout_ms: 9_000, statement_timeout_ms: 10_000 },
      });
      const outcome = shop.rehearse({}, database);
      await shop.untilBlocked(1);
      await blocker.query(
        `UPDATE invoices SET version = 8, memo = 'theirs' WHERE id = 'INV-1' AND tenant_id = 'acme'`,
      );
      await blocker.query('COMMIT');
      expect(await outcome).toMatchObject({ before: { version: 8, memo: 'theirs' }, version: 8 });
    });
  });

  describe('that the database does not do', () => {
    test.each<[what: string, values: readonly (string | null)[], code: string]>([
      ['breaks a constraint', ['-1', 'x'], 'CONSTRAINT_VIOLATED'],
      ['sets what must not be NULL', [null, 'x'], 'CONSTRAINT_VIOLATED'],
      ['has a value that its column cannot hold', ['1.5', 'x'], 'VALUE_REJECTED'],
    ])('since it %s says so by its code', async (_what, values, code) => {
      expect(await shop.rehearse({ values })).toMatchObject({ kind: 'failed', code });
      await untouched();
    });

    test.each([
      ['refuse', 'REFUSED_BY_TRIGGER'],
      ['keepVersion', 'VERSION_DID_NOT_ADVANCE'],
    ] as const)('for the trigger %s says so', async (trigger, code) => {
      await shop.db.query(shop.sql.triggers[trigger]);
      expect(await shop.rehearse()).toMatchObject({ kind: 'failed', code });
      await untouched();
    });

    test('since the key is not unique says so', async () => {
      await shop.db.query(
        `${shop.sql.dropKeySql}; INSERT INTO invoices (id, tenant_id, version, late_fee_cents) VALUES ('INV-1', 'acme', 7, 1)`,
      );
      expect(await shop.rehearse()).toEqual({ kind: 'failed', code: 'PRIMARY_KEY_NOT_UNIQUE' });
    });

    test('since somebody holds the row does not wait for it', async () => {
      const blocker = await shop.blocker();
      const database = shop.connect({ rehearsals: { lock_timeout_ms: 100 } });
      expect(await shop.rehearse({}, database)).toEqual({
        kind: 'failed',
        code: 'LOCK_TIMEOUT',
        cause: shop.sql.codes.locked,
      });
      await blocker.query('ROLLBACK');
      expect(await shop.rehearse({}, database)).toMatchObject({ kind: 'done' });
      await untouched();
    });

    test('in time is ended', async () => {
      await shop.db.query(shop.sql.triggers.dawdle);
      const database = shop.connect({
        rehearsals: { lock_timeout_ms: 100, statement_timeout_ms: 1_100 },
      });
      expect(await shop.rehearse({}, database)).toMatchObject({ kind: 'failed', code: 'STATEMENT_TIMEOUT' });
      const session = await shop.session();
      await session.query('BEGIN');
      // Waits for the row, were it still locked, longer than the test may take.
      await session.query(`SELECT 1 FROM invoices FOR UPDATE`);
      await session.query('ROLLBACK');
      await untouched();
    });

    test('since a column that is to be told is not there says so', async () => {
      await shop.db.query('ALTER TABLE invoices DROP COLUMN memo');
      expect(await shop.rehearse()).toMatchObject({ kind: 'failed', code: 'SCHEMA_MISMATCH' });
    });

    test('since what is to be told is too much says so', async () => {
      if (!isPostgres) await shop.db.query('ALTER TABLE invoices MODIFY waiver_reason mediumtext');
      await shop.db.query(`UPDATE invoices SET waiver_reason = repeat('x', 65537) WHERE tenant_id = 'acme'`);
      const columns = ['late_fee_cents'];
      expect(await shop.rehearse({ columns, values: ['0'] })).toEqual({
        kind: 'failed',
        code: 'VALUES_NOT_TOLD',
      });
    });

    test('since it is away says so, and is done once it is back', async () => {
      const { proxy, url } = await shop.proxied();
      const database = shop.connect({ url, rehearsals: {} });
      proxy.refuse(true);
      expect(await shop.rehearse({}, database)).toMatchObject({
        kind: 'failed',
        code: 'DATABASE_UNAVAILABLE',
      });
      proxy.refuse(false);
      expect(await shop.rehearse({}, database)).toMatchObject({ kind: 'done' });
      // The session that broke meanwhile is no reason to fail.
      proxy.cut();
      expect(await shop.rehearse({}, database)).toMatchObject({ kind: 'done' });
    });

    test('since its line is cut in the middle says so, and leaves nothing', async () => {
      const { proxy, url } = await shop.proxied();
      const blocker = await shop.blocker();
      const rehearsals = { lock_timeout_ms: 9_000, statement_timeout_ms: 10_000 };
      const outcome = shop.rehearse({}, shop.connect({ url, rehearsals }));
      await shop.untilBlocked(1);
      proxy.refuse(true);
      proxy.cut();
      expect(await outcome).toMatchObject({ kind: 'failed', code: 'DATABASE_UNAVAILABLE' });
      await blocker.query('ROLLBACK');
      expect(await shop.run()).toMatchObject({ kind: 'applied', resultVersion: '8' });
    });

    if (isPostgres) {
      test('since a trigger drops it says so', async () => {
        await shop.db.query(`CREATE FUNCTION drop_it() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END';
          CREATE TRIGGER drop_it BEFORE UPDATE ON invoices FOR EACH ROW EXECUTE FUNCTION drop_it()`);
        expect(await shop.rehearse()).toEqual({ kind: 'failed', code: 'WRITE_SUPPRESSED' });
      });

      test('before the commit, by a deferred constraint, says so', async () => {
        await shop.db.query(`CREATE TABLE reasons (reason text PRIMARY KEY); INSERT INTO reasons VALUES ('none');
          ALTER TABLE invoices ADD FOREIGN KEY (waiver_reason) REFERENCES reasons DEFERRABLE INITIALLY DEFERRED`);
        expect(await shop.rehearse()).toMatchObject({ kind: 'failed', code: 'CONSTRAINT_VIOLATED' });
        await untouched();
      });
    }
  });

  describe('beside writes', () => {
    /** One session for writes, and one for rehearsals, which wait long here. */
    const connect = (): SourceDatabase =>
      shop.connect({
        connections: 1,
        rehearsals: { lock_timeout_ms: 9_000, statement_timeout_ms: 10_000, at_once: 1 },
      });
    const other = { primaryKey: 'INV-2', columns: ['late_fee_cents'], values: ['1'] };

    test('that waits for a lock takes no session from a write', async () => {
      const database = connect();
      const blocker = await shop.blocker();
      const outcome = shop.rehearse({}, database);
      await shop.untilBlocked(1);
      const written = shop.run({ ...other, expectedVersion: '9007199254740993' }, { database });
      expect(await written).toMatchObject({ kind: 'applied' });
      await blocker.query('ROLLBACK');
      expect(await outcome).toMatchObject({ kind: 'done' });
    });

    test('needs none of theirs', async () => {
      const database = connect();
      const blocker = await shop.blocker();
      const written = shop.run({}, { database });
      await shop.untilBlocked(1);
      expect(await shop.rehearse({ ...other, visible: ['late_fee_cents'] }, database)).toMatchObject({
        before: { late_fee_cents: 100 },
        after: { late_fee_cents: 1 },
      });
      await blocker.query('ROLLBACK');
      expect(await written).toMatchObject({ kind: 'applied' });
    });
  });

  test('needs the rights that are printed for it, and no more', async () => {
    const config = shop.config({ rehearsals: {} });
    const url = await shop.urlOfGranted(config);
    const database = shop.connect({ url, rehearsals: {} });
    expect(await database.check()).toEqual([]);
    expect(await shop.rehearse({}, database)).toMatchObject({ kind: 'done' });
    const written = shop.connect({ url });
    expect(await written.check()).toEqual([]);
  });

  test('without the right to read what is told is found before the start', async () => {
    const url = await shop.urlOfGranted(shop.config());
    expect(await shop.connect({ url }).check()).toEqual([]);
    const faults = await shop.connect({ url, rehearsals: {} }).check();
    expect(faults).toContainEqual({
      where: shop.table('invoices'),
      what: 'SELECT on column late_fee_cents is needed',
    });
  });

  test('is refused where the configuration has none', async () => {
    await expect(shop.rehearse({}, shop.connect())).rejects.toThrow(RangeError);
  });

  describe('by the daemon', () => {
    let plane: FakeControlPlane;
    beforeEach(async () => {
      plane = await FakeControlPlane.start();
    });
    afterEach(async () => {
      await runners.kill();
      await plane.stop();
    });

    const start = (options: Parameters<ShopRunners['start']>[2] = {}) =>
      runners.start(shop, plane, { rehearsals: {}, ...options });
    const answers = () =>
      plane.rehearsed.map(({ rehearsal_id, status, error_code }) => [rehearsal_id, status, error_code]);

    test('is claimed, answered, and not written', async () => {
      plane.rehearse(rehearsalOf(shop));
      const runner = await start();
      await plane.until(() => plane.rehearsed.length === 1);
      expect(plane.rehearsed).toEqual([
        {
          rehearsal_id: 'rhs_1',
          runner_id: 'runner-1',
          lease_id: 'lse_r1',
          status: 'done',
          before: { late_fee_cents: 5500, waiver_reason: 'none' },
          after: { late_fee_cents: 0, waiver_reason: 'goodwill' },
          version: 7,
          lock_held_ms: expect.any(Number),
          rehearsed_at: expect.any(String),
        },
      ]);
      await untouched();
      plane.queue(jobOf(shop));
      await plane.until(() => plane.results.length === 1);
      expect(plane.results[0]).toMatchObject({ status: 'applied', result_version: '8' });
      const claims = plane.count('rehearsal-claim');
      runner.process.kill('SIGTERM');
      expect(await runner.exit()).toBe(0);
      expect(plane.count('rehearsal-claim')).toBe(claims);
      expect(runner.lines).toContainEqual(
        expect.objectContaining({ event: 'rehearsed', rehearsal_id: 'rhs_1', outcome: 'done' }),
      );
      for (const secret of ['goodwill', '5500', plane.token]) expect(runner.text).not.toContain(secret);
    });

    test('lets nothing out that the configuration keeps in', async () => {
      await makeParcels();
      const line = await TcpProxy.start({ host: '127.0.0.1', port: Number(new URL(plane.url).port) });
      const { target } = rehearsalOf(shop);
      const parcel = {
        target: { ...target, table: 'parcels', primary_key: { column: 'id', value: 1 } },
        allowed_columns: ['note'],
        patch: { note: 'new' },
      };
      const asks = [
        rehearsalOf(shop, { ...parcel, rehearsal_id: 'rhs_1', visible_columns: ['note', 'words', 'id'] }),
        rehearsalOf(shop, { ...parcel, rehearsal_id: 'rhs_2', visible_columns: ['note', 'secret'] }),
        rehearsalOf(shop, { ...parcel, rehearsal_id: 'rhs_3', visible_columns: ['tenant_id'] }),
        rehearsalOf(shop, {
          ...parcel,
          rehearsal_id: 'rhs_4',
          patch: { secret: 'x' },
          allowed_columns: ['secret'],
        }),
        rehearsalOf(shop, { rehearsal_id: 'rhs_5', target: { ...target, table: 'notes' } }),
        rehearsalOf(shop, { rehearsal_id: 'rhs_6', patch: { late_fee_cents: -1 } }),
      ];
      for (const ask of asks) plane.rehearse(ask);
      const runner = await start({ planeUrl: `http://127.0.0.1:${line.port}`, tables: { parcels } });
      await plane.until(() => plane.rehearsed.length === asks.length);
      expect(answers()).toEqual([
        ['rhs_1', 'done', undefined],
        ['rhs_2', 'refused', 'COLUMN_NOT_VISIBLE'],
        ['rhs_3', 'refused', 'COLUMN_NOT_VISIBLE'],
        ['rhs_4', 'refused', 'PROTECTED_COLUMN'],
        ['rhs_5', 'refused', 'VERSION_COLUMN_MISMATCH'],
        ['rhs_6', 'failed', 'CONSTRAINT_VIOLATED'],
      ]);
      expect(line.sent).toContain('zażółć');
      for (const secret of ['kept out', '12345678901234567890', "it's", '-1,', shop.db.name])
        expect(`${line.sent}${runner.text}`).not.toContain(secret);
      await line.stop();
    });

    test('is bounded for each agent, and refused beyond', async () => {
      for (const [id, agent] of [
        ['rhs_1', 'ada'],
        ['rhs_2', 'ada'],
        ['rhs_3', 'bob'],
      ] as const)
        plane.rehearse(rehearsalOf(shop, { rehearsal_id: id, agent }));
      await start({ rehearsals: { per_agent_a_minute: 1 } });
      await plane.until(() => plane.rehearsed.length === 3);
      expect(answers()).toEqual([
        ['rhs_1', 'done', undefined],
        ['rhs_2', 'refused', 'RATE_LIMITED'],
        ['rhs_3', 'done', undefined],
      ]);
    });

    test('that nobody waits for any more, or that is none, is let go', async () => {
      plane.rehearse(rehearsalOf(shop, { rehearsal_id: 'rhs_late' }), -1_000);
      plane.rehearseRaw({ rehearsal_id: '..', lease_id: 'lse_r1' });
      plane.rehearseRaw({ ...rehearsalOf(shop), expires_at: '2999-01-01T00:00:00Z', sql: 'SELECT 1' });
      plane.rehearse(rehearsalOf(shop, { rehearsal_id: 'rhs_2' }));
      const runner = await start();
      await plane.until(() => plane.rehearsed.length === 2);
      expect(answers()).toEqual([
        ['rhs_1', 'refused', 'JOB_UNKNOWN_FIELD'],
        ['rhs_2', 'done', undefined],
      ]);
      expect(await runner.logged('rehearsal_expired')).toMatchObject({ rehearsal_id: 'rhs_late' });
      expect(await runner.logged('rehearsal_dropped')).toMatchObject({ source_id: 'src_shop' });
    });

    const patient = { lock_timeout_ms: 8_000, statement_timeout_ms: 9_500 };

    test('waits for no other one, where several may be done at once', async () => {
      const blocker = await shop.blocker();
      const { target } = rehearsalOf(shop);
      const elsewhere = { ...target, primary_key: { column: 'id', value: 'INV-2' } };
      plane.rehearse(rehearsalOf(shop));
      plane.rehearse(rehearsalOf(shop, { rehearsal_id: 'rhs_2', target: elsewhere }));
      await start({ rehearsals: { ...patient, at_once: 2 } });
      await plane.until(() => plane.rehearsed.length === 1);
      await blocker.query('ROLLBACK');
      await plane.until(() => plane.rehearsed.length === 2);
      expect(answers()).toEqual([
        ['rhs_2', 'done', undefined],
        ['rhs_1', 'done', undefined],
      ]);
    });

    test('that has begun is finished and answered when the runner drains', async () => {
      const blocker = await shop.blocker();
      plane.rehearse(rehearsalOf(shop));
      const runner = await start({ rehearsals: patient });
      await shop.untilBlocked(1);
      const claims = plane.count('rehearsal-claim');
      runner.process.kill('SIGTERM');
      await runner.logged('claiming_ended');
      await blocker.query('ROLLBACK');
      expect(await runner.exit()).toBe(0);
      expect(answers()).toEqual([['rhs_1', 'done', undefined]]);
      expect(plane.count('rehearsal-claim')).toBe(claims);
    });

    test('is done in a dry run too', async () => {
      plane.rehearse(rehearsalOf(shop));
      await start({ mode: 'dry_run' });
      await plane.until(() => plane.rehearsed.length === 1);
      expect(answers()).toEqual([['rhs_1', 'done', undefined]]);
      await untouched();
    });

    test('is not even asked for without its configuration', async () => {
      const runner = await runners.start(shop, plane);
      await runner.logged('ready');
      plane.queue(jobOf(shop));
      await plane.until(() => plane.results.length === 1);
      runner.process.kill('SIGTERM');
      expect(await runner.exit()).toBe(0);
      expect(plane.count('rehearsal-claim')).toBe(0);
    });

    test('is asked for again after trouble, and writes go on where there are none', async () => {
      const busy = { kind: 'status', status: 503, code: 'overloaded', retryable: true } as const;
      plane.fail('rehearsal-claim', { kind: 'garbage' }, { kind: 'broken-connection' });
      plane.fail('rehearsal-result', busy, { kind: 'lost-answer' });
      plane.rehearse(rehearsalOf(shop));
      const runner = await start();
      await plane.until(() => plane.rehearsed.length === 2);
      expect(plane.rehearsed[1]).toEqual(plane.rehearsed[0]);
      plane.fail('rehearsal-claim', { kind: 'status', status: 404, code: 'not_found' });
      plane.rehearse(rehearsalOf(shop, { rehearsal_id: 'rhs_2' }));
      await plane.until(() => plane.rehearsed.length === 3);
      plane.rehearse(rehearsalOf(shop, { rehearsal_id: 'rhs_3' }));
      expect(await runner.logged('rehearsal_claim_failed')).toMatchObject({ level: 'warn' });
      plane.queue(jobOf(shop));
      await plane.until(() => plane.results.length === 1);
      expect(plane.results[0]).toMatchObject({ status: 'applied' });
    });

    if (isPostgres) {
      test('that goes silent in the middle keeps the row no longer than a statement may take', async () => {
        plane.rehearse(rehearsalOf(shop));
        const rehearsals = { lock_timeout_ms: 100, statement_timeout_ms: 200 };
        const runner = await start({ failpoint: 'in_transaction:hang', rehearsals });
        await runner.wrote('failpoint in_transaction');
        expect(await shop.run()).toMatchObject({ kind: 'applied', resultVersion: '8' });
      });
    }

    test('leaves nothing when the runner is killed in the middle', async () => {
      plane.rehearse(rehearsalOf(shop));
      const runner = await start({ failpoint: 'in_transaction:kill' });
      await runner.wrote('failpoint in_transaction');
      expect(await runner.exit()).toBe('SIGKILL');
      expect(plane.rehearsed).toEqual([]);
      // A write gets the row's lock, and finds nothing changed.
      expect(await shop.run()).toMatchObject({ kind: 'applied', resultVersion: '8' });
      expect(await shop.receipts()).toHaveLength(1);
    });
  });
});
