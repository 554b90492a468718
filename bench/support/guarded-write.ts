import type { PublicJob } from '@countersign/protocol/writeback-job';
import { applySql } from '@countersign/runner/databases/postgres/write-sql';
import type { Filling } from '@countersign/runner/databases/table-writer';
import { FIRST_INVOICE, INVOICES, sourceConfig } from './invoices.ts';
import { RUNNER, SOURCE, TENANT } from './names.ts';

const TABLE = 'public.invoices';
const COLUMNS = ['late_fee_cents'];
const HASH = `sha256:${'5f1d'.repeat(16)}`;
const EXPIRES_AT = '2100-01-01T00:00:00.000Z';

/** What a lane writes next: each has rows of its own, goes round in them, and knows the version that it left there. */
export interface InvoiceWrite {
  readonly invoice: string;
  readonly version: number;
  /** Unique for a round, and long as a receipt's key is. */
  readonly key: string;
}

export function invoiceWrite(lane: number, lanes: number, count: number): InvoiceWrite {
  const rows = rowsALane(lanes);
  return {
    invoice: String(FIRST_INVOICE + lane * rows + (count % rows)),
    version: 1 + Math.floor(count / rows),
    key: String(keyBase(lane) + count),
  };
}

function rowsALane(lanes: number): number {
  return Math.floor(INVOICES / lanes);
}

function keyBase(lane: number): number {
  return 1_000_000_000_000 * (lane + 1);
}

/** Where an invoice is, as a job says it. */
export interface InvoiceTable {
  readonly engine: PublicJob['engine'];
  readonly schema: string;
}
const POSTGRES_TABLE: InvoiceTable = { engine: 'postgres', schema: 'public' };

/** An element of a claim's `jobs`, as far as the runner reads it, that asks for this write. */
export function claimedWrite(write: InvoiceWrite, proposalId = PROPOSAL_ID, table = POSTGRES_TABLE) {
  const job = jobOf(write, proposalId, table);
  return { job_id: job.writeback_job_id, lease_id: LEASE_ID, write_by: EXPIRES_AT, writeback_job: job };
}

function jobOf(
  { invoice, version, key }: InvoiceWrite,
  proposalId: string,
  { engine, schema }: InvoiceTable,
): PublicJob {
  return {
    schema_version: 'synapsor.writeback-job.v1',
    writeback_job_id: `wbj_${proposalId}`,
    proposal_id: proposalId,
    proposal_version: 1,
    proposal_hash: HASH,
    runner_scope: { project_id: TENANT, source_id: SOURCE },
    engine,
    operation: 'single_row_update',
    target: { schema, table: 'invoices', primary_key: { column: 'id', value: invoice } },
    tenant_guard: { column: 'tenant_id', value: 'acme' },
    allowed_columns: COLUMNS,
    patch: { late_fee_cents: 0 },
    conflict_guard: { kind: 'column', column: 'version', expected_value: version },
    idempotency_key: key,
    lease: { lease_id: LEASE_ID, attempt: 1, expires_at: EXPIRES_AT },
  };
}

const PROPOSAL_ID = 'wrp_01M7XRJ7PC00000006ZRYAVDEJ';
const JOB_ID = `wbj_${PROPOSAL_ID}`;
const LEASE_ID = 'lse_01M7XRJ7PC00000007ZRYAVDEJ';

/** What a receipt says of where it came from. */
export const guardedWriteFields = {
  jobId: JOB_ID,
  proposalId: PROPOSAL_ID,
  proposalHash: HASH,
  leaseId: LEASE_ID,
  runnerId: RUNNER,
} as const;

/** The runner's own statement. */
function guardedWrite() {
  const permission = sourceConfig(1).tables[TABLE];
  if (permission === undefined) throw new TypeError(`the configuration has no table ${TABLE}`);
  const receipts = { schema: 'public', table: 'countersign_receipts' };
  return applySql({ name: TABLE, permission, receipts }, COLUMNS, COLUMNS);
}

const statement = guardedWrite();
export const GUARDED_WRITE_SQL = statement.sql;

/** The values of the statement's parameters. */
export function guardedWriteValues(write: InvoiceWrite): (string | null)[] {
  const filling: Filling = {
    plan: {
      table: TABLE,
      primaryKey: write.invoice,
      tenant: 'acme',
      expectedVersion: String(write.version),
      columns: COLUMNS,
      values: ['0'],
      idempotencyKey: write.key,
      jobId: JOB_ID,
      proposalId: PROPOSAL_ID,
      proposalHash: HASH,
    },
    facts: { attempt: 1, leaseId: LEASE_ID, runnerId: RUNNER },
  };
  return statement.values.map((value) => value(filling));
}

export interface PgbenchScript {
  readonly script: string;
  readonly variables: Readonly<Record<string, string>>;
}

/**
 * The same statement as a pgbench script: what differs from write to write is counted by pgbench, all else comes as
 * its variables. Both kinds become parameters of a prepared statement.
 */
export function guardedWriteForPgbench(lanes: number): PgbenchScript {
  const variables: Record<string, string> = { count: '0' };
  const marks: Readonly<Record<string, string>> = { INVOICE: 'invoice', '-1': 'version', KEY: 'key' };
  const names = guardedWriteValues({ invoice: 'INVOICE', version: -1, key: 'KEY' }).map((value, place) => {
    const counted = value === null ? undefined : marks[value];
    if (counted !== undefined) return counted;
    const name = `value_${place + 1}`;
    variables[name] = value ?? '';
    return name;
  });
  const rows = rowsALane(lanes);
  const sql = GUARDED_WRITE_SQL.replace(/\$(\d+)/g, (_, number) => `:${names[Number(number) - 1]}`);
  const script = [
    `\\set invoice ${FIRST_INVOICE} + :client_id * ${rows} + mod(:count, ${rows})`,
    `\\set version 1 + :count / ${rows}`,
    `\\set key ${keyBase(0)} * (:client_id + 1) + :count`,
    '\\set count :count + 1',
    `${sql};`,
  ].join('\n');
  return { script, variables };
}
