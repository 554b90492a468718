import { runnerConfigSchema, type SourceConfig } from '@countersign/runner/config/runner-config';
import { receiptTableSql } from '@countersign/runner/databases/mysql/receipts-sql';
import { type Connection, createConnection, type RowDataPacket } from 'mysql2/promise';
import { runnerConfig } from '../../scripts/stack/runner-child.ts';
import type { DurableMysql } from './durable-mysql.ts';
import { FIRST_INVOICE, INVOICES } from './invoices.ts';
import { SOURCE, TENANT } from './names.ts';

const RECEIPTS = 'countersign_receipts';

const TABLE_SQL = `CREATE TABLE invoices (
  id varchar(40) NOT NULL PRIMARY KEY,
  tenant_id varchar(40) NOT NULL,
  customer_name varchar(200) NOT NULL,
  amount_cents int NOT NULL,
  late_fee_cents int NOT NULL,
  currency char(3) NOT NULL,
  status varchar(40) NOT NULL,
  waiver_reason varchar(200),
  note varchar(200) NOT NULL,
  version bigint NOT NULL
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin`;

/** Neither product counts in SQL as the other does, but both multiply. */
const DIGITS = `(${Array.from({ length: 10 }, (_, digit) => `SELECT ${digit} AS d`).join(' UNION ALL ')})`;
const FILL_SQL = `INSERT INTO invoices
SELECT CAST(${FIRST_INVOICE} + n AS CHAR), 'acme', 'Northwind Bakery', 125000, 5500, 'USD', 'overdue', NULL, REPEAT('x', 150), 1
FROM (SELECT a.d + 10 * b.d + 100 * c.d + 1000 * e.d + 10000 * f.d AS n
  FROM ${DIGITS} a, ${DIGITS} b, ${DIGITS} c, ${DIGITS} e, ${DIGITS} f) AS numbers
WHERE n < ${INVOICES} ORDER BY n`;

/** Creates the customer's table, filled, and the receipts. */
export async function createMysqlInvoices({ url, database }: DurableMysql): Promise<void> {
  const client = await createConnection({ uri: url });
  try {
    for (const sql of [TABLE_SQL, FILL_SQL, receiptTableSql(database, RECEIPTS)]) await client.query(sql);
  } finally {
    await client.end();
  }
}

/** Throws unless there are so many receipts, and as many steps of a version: nobody is believed who says it was written. */
export async function checkMysqlWritten({ url }: DurableMysql, count: number): Promise<void> {
  const client: Connection = await createConnection({ uri: url });
  try {
    const [[row]] = await client.query<RowDataPacket[]>(
      `SELECT (SELECT COUNT(*) FROM ${RECEIPTS} WHERE status = 'applied') AS receipts,
         (SELECT CAST(SUM(version - 1) AS SIGNED) FROM invoices) AS steps`,
    );
    if (row?.receipts !== count || row.steps !== count)
      throw new Error(`of ${count} writes ${row?.steps} were done, and there are ${row?.receipts} receipts`);
  } finally {
    await client.end();
  }
}

/** As the local stack's runner, with MySQL for PostgreSQL. */
export function mysqlSourceConfig({ database }: DurableMysql, connections: number): SourceConfig {
  const config = runnerConfig({ url: 'http://127.0.0.1', projectId: TENANT, sourceId: SOURCE });
  const [source] = Object.values(config.sources);
  const [table] = Object.values(source?.tables ?? {});
  const parsed = runnerConfigSchema.parse({
    ...config,
    sources: {
      [SOURCE]: {
        ...source,
        engine: 'mysql',
        connections,
        receipts: { schema: database, table: RECEIPTS },
        tables: { [`${database}.invoices`]: table },
      },
    },
  }).sources[SOURCE];
  if (parsed === undefined) throw new TypeError('the configuration lost its source');
  return parsed;
}
