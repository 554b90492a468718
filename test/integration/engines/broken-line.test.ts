import { connect } from 'node:net';
import { setImmediate } from 'node:timers/promises';
import { transaction } from '@countersign/runner/databases/mysql/mysql-session';
import { receiptTableSql } from '@countersign/runner/databases/mysql/receipts-sql';
import { applySteps, type TableTarget } from '@countersign/runner/databases/mysql/write-sql';
import { createConnection } from 'mysql2';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { TestDatabase } from '../../support/database-server.ts';
import { testEngines } from '../../support/engines.ts';
import { eventually } from '../../support/eventually.ts';
import { sharedServer } from '../../support/shared-servers.ts';

/** Each is a connection that is reset while the server works through one transaction's statements. */
const BREAKS = 300;

const engines = (await testEngines()).filter(({ engine }) => engine === 'mysql');

/**
 * A server whose client is gone goes on with the statements that it has received, and some of what it tells statements
 * of the ones before them is then not so.
 */
describe.each(engines)('$name, when the line breaks in the middle of a write', (engine) => {
  let db: TestDatabase;

  beforeAll(async () => {
    const server = await sharedServer(engine);
    await server.template(
      'shop',
      `CREATE TABLE items (id int PRIMARY KEY, fee int, version int NOT NULL);
       INSERT INTO items WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${BREAKS})
       SELECT i, 0, 7 FROM n;
       ${receiptTableSql('DATABASE', 'receipts').replace('`DATABASE`.', '')};`,
    );
    db = await server.clone('shop');
  });
  afterAll(() => db?.drop());

  test('a row is never changed without its receipt, nor a receipt there without the change', async () => {
    for (let row = 1; row <= BREAKS; row += 1) await breakOff(row);
    // What has been received is carried out to its end, whoever has gone.
    await eventually(
      () =>
        db.query(
          `SELECT COUNT(*) AS n FROM information_schema.PROCESSLIST WHERE DB = DATABASE() AND ID <> CONNECTION_ID()`,
        ),
      ([running]) => running?.n === '0',
    );
    const [count] = await db.query(`SELECT SUM(i.version = 8) AS changed, COUNT(r.job_id) AS receipts,
      SUM((i.version = 8) <> (r.job_id IS NOT NULL)) AS torn
      FROM items AS i LEFT JOIN receipts AS r ON r.target_key = CAST(i.id AS CHAR)`);
    expect(count?.torn).toBe('0');
    // Without some on either side this would show nothing.
    expect(Number(count?.changed)).toBeGreaterThan(0);
  });

  async function breakOff(row: number): Promise<void> {
    const { password, port, username } = new URL(db.url);
    const socket = connect({ host: '127.0.0.1', port: Number(port), noDelay: true });
    const connection = createConnection({
      user: username,
      password,
      database: db.name,
      multipleStatements: true,
      stream: () => socket,
    });
    connection.on('error', () => undefined);
    await new Promise((resolve) => connection.query('DO 1', resolve));
    const text = transaction(applySteps(target(db.name), fillingOf(row)), 'COMMIT').map(({ sql }) => sql);
    connection.query(text.join('; '), () => undefined);
    // Now and then a little later, so that the break meets every statement.
    for (let turn = 0; turn <= row % 4; turn += 1) await setImmediate();
    socket.resetAndDestroy();
  }
});

function target(schema: string): TableTarget {
  const type = { name: 'int', declared: 'int', length: null, scale: 0, isReadable: true };
  return {
    name: `${schema}.items`,
    permission: {
      primary_key: 'id',
      tenant: { single_tenant: true },
      version: { column: 'version', advance: 'integer' },
      columns: ['fee'],
      protected_columns: [],
    },
    receipts: { schema, table: 'receipts' },
    types: new Map(['id', 'fee', 'version'].map((name) => [name, type])),
  };
}

function fillingOf(row: number) {
  return {
    plan: {
      table: 'shop.items',
      primaryKey: String(row),
      tenant: undefined,
      expectedVersion: '7',
      columns: ['fee'],
      values: ['5'],
      idempotencyKey: `key-${row}`,
      jobId: `job-${row}`,
      proposalId: `proposal-${row}`,
      proposalHash: `sha256:${row}`,
    },
    facts: { attempt: 1, leaseId: `lease-${row}`, runnerId: 'runner-1' },
  };
}
