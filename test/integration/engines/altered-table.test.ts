import type { TablePermission } from '@countersign/runner/config/runner-config';
import type { WritePlan } from '@countersign/runner/verify/write-plan';
import { describe, expect, test } from 'vitest';
import { testEngines } from '../../support/engines.ts';
import { useShop } from './support/use-shop.ts';

const parcels: TablePermission = {
  primary_key: 'id',
  tenant: { single_tenant: true },
  version: { column: 'version', advance: 'integer' },
  columns: ['weight', 'note'],
  protected_columns: [],
};
const ROWS = 6;

/** The runner has looked at the table's types, and then somebody alters it. */
describe.each(await testEngines())('$name: a table that is altered under a running runner', (engine) => {
  const shop = useShop(engine);
  const isPostgres = engine.engine === 'postgres';

  async function open() {
    const rows = Array.from({ length: ROWS }, (_, row) => `(${row + 1}, 1, 'old', 7)`).join(', ');
    await shop.db.query(
      `CREATE TABLE parcels (id int PRIMARY KEY, weight decimal(20, 4), note varchar(20), version bigint NOT NULL);
       INSERT INTO parcels VALUES ${rows};`,
    );
    const database = shop.connect({ tables: { parcels } });
    const write = (row: number, changes: Partial<WritePlan> = {}) =>
      shop.run(
        {
          table: shop.table('parcels'),
          primaryKey: String(row),
          tenant: undefined,
          expectedVersion: '7',
          columns: ['weight'],
          values: ['1.2399'],
          idempotencyKey: `parcel-${row}-${JSON.stringify(changes)}`,
          jobId: `wbj_parcel_${row}`,
          ...changes,
        },
        { database },
      );
    const row = async (id: number | string) =>
      (await shop.db.query(`SELECT weight, note, version FROM parcels WHERE id = '${id}'`))[0];
    return { write, row };
  }

  test('rounds nothing: a value that it keeps no more is refused', async () => {
    const { row, write } = await open();
    expect(await write(1)).toMatchObject({ kind: 'applied' });
    await shop.db.query(
      isPostgres
        ? 'ALTER TABLE parcels ALTER weight TYPE decimal(20, 2)'
        : 'ALTER TABLE parcels MODIFY weight decimal(20, 2)',
    );
    expect(await write(2)).toEqual({ kind: 'failed', code: 'VALUE_REJECTED' });
    expect(await row(2)).toEqual({ weight: '1.00', note: 'old', version: '7' });
    const many = await Promise.all([3, 4, 5, 6].map((id) => write(id)));
    expect(many).toEqual(Array(4).fill({ kind: 'failed', code: 'VALUE_REJECTED' }));
    expect(await write(2, { values: ['1.25'] })).toMatchObject({ kind: 'applied' });
  });

  test('lets no number name another text, once the key is one', async () => {
    const { row, write } = await open();
    expect(await write(1)).toMatchObject({ kind: 'applied' });
    await shop.db.query(
      isPostgres
        ? "ALTER TABLE parcels ALTER id TYPE varchar(20); UPDATE parcels SET id = '002' WHERE id = '2'"
        : "ALTER TABLE parcels MODIFY id varchar(20); UPDATE parcels SET id = '002' WHERE id = '2'",
    );
    // PostgreSQL finds that what was prepared does not fit any more.
    expect(await write(2)).toMatchObject(
      isPostgres ? { code: 'SCHEMA_MISMATCH' } : { kind: 'conflict', reason: 'ROW_NOT_FOUND' },
    );
    expect(await row('002')).toMatchObject({ version: '7' });
  });

  test('is written as it is now by many at once, whatever it was before', async () => {
    const { row, write } = await open();
    const one = await Promise.all(
      [1, 2, 3, 4].map((id) => write(id, { columns: ['note'], values: ['1.50'] })),
    );
    expect(one.map(({ kind }) => kind)).toEqual(Array(4).fill('applied'));
    await shop.db.query(
      isPostgres
        ? `UPDATE parcels SET note = '1'; ALTER TABLE parcels ALTER note TYPE decimal(20, 4) USING note::decimal`
        : `UPDATE parcels SET note = '1'; ALTER TABLE parcels MODIFY note decimal(20, 4)`,
    );
    const again = await Promise.all(
      [1, 2, 3, 4].map((id) => write(id, { columns: ['note'], values: ['2.5001'], expectedVersion: '8' })),
    );
    expect(again.map(({ kind }) => kind)).toEqual(Array(4).fill('applied'));
    expect(await row(3)).toMatchObject({ note: '2.5001', version: '9' });
  });

  test('undoes a write of which a trigger makes something else', async () => {
    const { row, write } = await open();
    await shop.db.query(
      isPostgres
        ? `CREATE FUNCTION heavier() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN NEW.weight := NEW.weight + 1; RETURN NEW; END';
           CREATE TRIGGER heavier BEFORE UPDATE ON parcels FOR EACH ROW EXECUTE FUNCTION heavier()`
        : 'CREATE TRIGGER heavier BEFORE UPDATE ON parcels FOR EACH ROW SET NEW.weight = NEW.weight + 1',
    );
    expect(await write(1)).toEqual({ kind: 'failed', code: 'VALUE_REJECTED' });
    expect(await row(1)).toEqual({ weight: '1.0000', note: 'old', version: '7' });
    expect(await shop.receipts()).toEqual([]);
  });
});

describe.each(await testEngines())('$name: the authority to write', (engine) => {
  const shop = useShop(engine);

  test('is looked at after everything that has to be read for the statement', async () => {
    const { proxy, url } = await shop.proxied();
    const database = shop.connect({ url });
    await database.probe();
    proxy.delay(200);
    const endsAt = performance.now() + 150;
    const authority = { holds: () => performance.now() < endsAt, regain: () => Promise.resolve(false) };
    // The types of the columns are read first, which takes longer than the authority lasts.
    expect(await shop.run({}, { authority, database })).toEqual({ kind: 'lease_lost' });
    proxy.delay(0);
    expect(await shop.invoice('INV-1', 'acme')).toMatchObject({ version: '7' });
    expect(await shop.receipts()).toEqual([]);
  });
});
