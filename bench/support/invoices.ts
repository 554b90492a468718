import { runnerConfigSchema, type SourceConfig } from '@countersign/runner/config/runner-config';
import { receiptTableSql } from '@countersign/runner/databases/postgres/receipts-sql';
import pg from 'pg';
import { runnerConfig } from '../../scripts/stack/runner-child.ts';
import type { DurablePostgres } from './durable-postgres.ts';
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
export async function createInvoices(postgres: DurablePostgres): Promise<void> {
  await run(postgres, TABLE_SQL, receiptTableSql('public', 'countersign_receipts'));
}

/** All invoices as they were at first, no receipts, and nothing left to be written that a round would pay for. */
export async function resetInvoices(postgres: DurablePostgres): Promise<void> {
  await run(
    postgres,
    'TRUNCATE public.invoices, public.countersign_receipts',
    FILL_SQL,
    'VACUUM (ANALYZE) public.invoices',
    'CHECKPOINT',
  );
}

async function run({ url }: DurablePostgres, ...statements: readonly string[]): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    for (const statement of statements) await client.query(statement);
  } finally {
    await client.end();
  }
}
