import { runnerConfigSchema, type SourceConfig } from '@countersign/runner/config/runner-config';
import { receiptTableSql } from '@countersign/runner/databases/postgres/receipts-sql';
import pg from 'pg';
import { runnerConfig } from '../../scripts/stack/runner-child.ts';
import type { PostgresAddress } from './durable-postgres.ts';
import { SOURCE, TENANT } from './names.ts';

export const INVOICES = 100_000;
/** All ids are numbers of the same length, since pgbench can count but not write words. */
export const FIRST_INVOICE = 1_000_001;

const TABLE_SQL = `CREATE TABLE public.invoices (
  id text PRIMARY KEY,
  tenant_id text NOT NULL,
  customer_name text NOT NULL,
  amount_cents integer NOT NULL,
  late_fee_cents integer NOT NULL,
  currency text NOT NULL,
  status text NOT NULL,
  waiver_reason text,
  note text NOT NULL,
  version bigint NOT NULL
)`;

const FILL_SQL = `INSERT INTO public.invoices
SELECT n::text, 'acme', 'Northwind Bakery', 125000, 5500, 'USD', 'overdue', NULL, repeat('x', 150), 1
FROM generate_series(${FIRST_INVOICE}, ${FIRST_INVOICE + INVOICES - 1}) AS n`;

/** What the runner may write there: as the local stack's runner. */
export function sourceConfig(connections: number): SourceConfig {
  const config = runnerConfigSchema.parse(
    runnerConfig({ url: 'http://127.0.0.1', projectId: TENANT, sourceId: SOURCE }),
  );
  const source = config.sources[SOURCE];
  if (source === undefined) throw new TypeError('the configuration lost its source');
  return { ...source, connections };
}

/** Creates the customer's table and the receipts, empty. */
export async function createInvoices(postgres: PostgresAddress): Promise<void> {
  await run(postgres, TABLE_SQL, receiptTableSql('public', 'countersign_receipts'));
}

/** All invoices as they were at first, no receipts, and nothing left to be written that a round would pay for. */
export async function resetInvoices(postgres: PostgresAddress): Promise<void> {
  await run(
    postgres,
    'TRUNCATE public.invoices, public.countersign_receipts',
    FILL_SQL,
    'VACUUM (ANALYZE) public.invoices',
    'CHECKPOINT',
  );
}

/**
 * Throws unless so many invoices went one version further than at first, each with its receipt: what a program says
 * that it has done counts only when the database says so too.
 */
export async function checkWritten({ url }: PostgresAddress, count: number): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const { rows } = await client.query<{ written: number; receipts: number }>(WRITTEN_SQL);
  await client.end();
  const { written, receipts } = rows[0] ?? { written: 0, receipts: 0 };
  if (written !== count || receipts !== count)
    throw new Error(`of ${count} invoices ${written} were written, and there are ${receipts} receipts`);
}

const WRITTEN_SQL = `SELECT
  (SELECT count(*)::integer FROM public.invoices WHERE version = 2 AND late_fee_cents = 0) AS written,
  (SELECT count(*)::integer FROM public.countersign_receipts WHERE status = 'applied') AS receipts`;

async function run({ url }: PostgresAddress, ...statements: readonly string[]): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    for (const statement of statements) await client.query(statement);
  } finally {
    await client.end();
  }
}
