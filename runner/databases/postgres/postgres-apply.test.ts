import { describe, expect, test, vi } from 'vitest';
// biome-ignore lint/plugin: the servers that tests start are shared by all packages and stand outside them
import { useShop } from '../../../test/integration/engines/support/use-shop.ts';
// biome-ignore lint/plugin: as above
import { testEngines } from '../../../test/support/engines.ts';
import { Connection } from './connection.ts';

// Every test makes a database of its own, on a machine that may have other things to do.
vi.setConfig({ testTimeout: 30_000 });

const engines = (await testEngines()).filter(({ engine }) => engine === 'postgres');

describe.each(engines)('$name: a write', (engine) => {
  const shop = useShop(engine);

  test('is one transaction with its receipt', async () => {
    await shop.run();
    const [same] = await shop.db.query(
      `SELECT (SELECT xmin::text FROM invoices WHERE id = 'INV-1' AND tenant_id = 'acme') =
              (SELECT xmin::text FROM countersign_receipts) AS one_transaction`,
    );
    expect(same).toEqual({ one_transaction: 't' });
  });

  test('that a trigger suppresses has no receipt', async () => {
    await shop.db.query(
      `CREATE FUNCTION suppress() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'`,
    );
    await shop.db.query(
      'CREATE TRIGGER suppress BEFORE UPDATE ON invoices FOR EACH ROW EXECUTE FUNCTION suppress()',
    );
    expect(await shop.run()).toEqual({ kind: 'failed', code: 'WRITE_SUPPRESSED' });
    expect(await shop.receipts()).toEqual([]);
  });

  test('takes no text with a NUL', async () => {
    expect(await shop.run({ values: ['0', 'a\u0000b'] })).toEqual({ kind: 'failed', code: 'VALUE_REJECTED' });
    expect(await shop.receipts()).toEqual([]);
  });
});

describe.each(engines)('$name: the database', (engine) => {
  const shop = useShop(engine);

  test('may change a table under a prepared statement', async () => {
    const database = shop.connect({ connections: 1 });
    await shop.run({}, { database });
    await shop.db.query('ALTER TABLE invoices ALTER COLUMN version TYPE numeric(30)');
    await shop.db.query('ALTER TABLE countersign_receipts ALTER COLUMN result_version TYPE varchar(100)');
    expect(await shop.run({ expectedVersion: '8', idempotencyKey: 'next' }, { database })).toMatchObject({
      kind: 'applied',
      resultVersion: '9',
    });
  });

  test('may have triggers that count on their own search_path', async () => {
    await shop.db.query(shop.sql.triggers.audit);
    expect(await shop.run()).toMatchObject({ kind: 'applied' });
    expect(await shop.db.query('SELECT note FROM audit')).toEqual([{ note: 'INV-1' }]);
  });

  test('may hold functions and operators that better fit ours, and they are not called', async () => {
    await shop.db.query(`CREATE FUNCTION public.to_json(text) RETURNS json LANGUAGE plpgsql AS
      'BEGIN RAISE EXCEPTION ''captured''; END'`);
    await shop.db.query(
      `CREATE FUNCTION public.same(text, text) RETURNS boolean LANGUAGE sql AS 'SELECT true'`,
    );
    await shop.db.query('CREATE OPERATOR public.= (LEFTARG = text, RIGHTARG = text, FUNCTION = public.same)');
    await shop.db.query(`ALTER DATABASE ${shop.db.name} SET search_path = public, pg_catalog`);
    expect(await shop.run()).toMatchObject({ kind: 'applied', resultVersion: '8' });
    expect(await shop.invoice('INV-1', 'globex')).toMatchObject({ version: '7' });
    expect(await shop.run({ primaryKey: 'INV-404', idempotencyKey: 'k' })).toMatchObject({
      kind: 'conflict',
    });
  });

  test('has its sessions pinned, whatever the role or database says', async () => {
    const { name, url } = shop.db;
    await shop.db.query(`ALTER DATABASE ${name} SET default_transaction_isolation = 'serializable'`);
    await shop.db.query(`ALTER DATABASE ${name} SET default_transaction_read_only = on`);
    await shop.db.query(`ALTER DATABASE ${name} SET synchronous_commit = off`);
    await shop.db.query(`ALTER DATABASE ${name} SET DateStyle = 'German, DMY'`);
    const connection = await Connection.open({
      databaseUrl: url,
      lockTimeoutMs: 1_234,
      statementTimeoutMs: 4_321,
      receipts: 'public.countersign_receipts',
    });
    const names = [
      'TimeZone',
      'DateStyle',
      'transaction_isolation',
      'transaction_read_only',
      'synchronous_commit',
    ];
    const settings = [...names, 'lock_timeout', 'statement_timeout', 'standard_conforming_strings'];
    const text = `SELECT ${settings.map((setting) => `current_setting('${setting}')`).join(', ')}`;
    expect(await connection.execute({ name: undefined, text }, [])).toEqual([
      ['UTC', 'ISO, YMD', 'read committed', 'off', 'on', '1234ms', '4321ms', 'on'],
    ]);
    await connection.close();
  });
});
