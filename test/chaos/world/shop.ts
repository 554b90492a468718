import { receiptTableSql as mysqlReceipts } from '@countersign/runner/databases/mysql/receipts-sql';
import { receiptTableSql as postgresReceipts } from '@countersign/runner/databases/postgres/receipts-sql';
import { receiptFields } from '@countersign/runner/databases/receipt-record';
import type { DatabaseServer, Engine, TestDatabase } from '../../support/database-server.ts';
import type { DatabaseDump, ReceiptDump, RowContent } from '../checks/dump.ts';

export const TENANT = 'acme';
export const FIRST: RowContent = { version: 7, fee: 5_500, reason: null };
const TEMPLATE = 'chaos_shop';
const RECEIPTS = 'countersign_receipts';

export const columns = ['late_fee_cents', 'waiver_reason'] as const;

/** The business of the campaign in one database: invoices that proposals change, and the receipts of that. */
export class Shop {
  /** `postgres`, `mysql`, `mariadb`. */
  readonly name: string;
  readonly server: DatabaseServer;
  readonly rowIds: readonly string[];
  readonly #database: TestDatabase;

  private constructor(
    name: string,
    server: DatabaseServer,
    database: TestDatabase,
    rowIds: readonly string[],
  ) {
    this.name = name;
    this.server = server;
    this.rowIds = rowIds;
    this.#database = database;
  }

  static async open(name: string, server: DatabaseServer, rows: number): Promise<Shop> {
    const rowIds = Array.from({ length: rows }, (_, place) => `INV-${place + 1}`);
    await server.template(TEMPLATE, shopSql(rowIds));
    const database = await server.clone(TEMPLATE);
    const shop = new Shop(name, server, database, rowIds);
    await database.query(
      server.engine === 'mysql'
        ? mysqlReceipts(database.name, RECEIPTS)
        : postgresReceipts('public', RECEIPTS),
    );
    return shop;
  }

  get engine(): Engine {
    return this.server.engine;
  }

  get sourceId(): string {
    return `src_${this.name}`;
  }

  /** Where the tables are: MySQL's schemas are databases. */
  get schema(): string {
    return this.engine === 'mysql' ? this.#database.name : 'public';
  }

  /** The address for a runner, through a proxy. */
  url(port: number): string {
    return this.server.url(this.#database.name, { port });
  }

  /** The source as a runner's configuration has it. */
  source(databaseUrl: object): object {
    return {
      engine: this.engine,
      database_url: databaseUrl,
      receipts: { schema: this.schema, table: RECEIPTS },
      tables: {
        [`${this.schema}.invoices`]: {
          primary_key: 'id',
          tenant: { column: 'tenant_id', values: [TENANT] },
          version: { column: 'version', advance: 'integer' },
          columns,
        },
      },
    };
  }

  /** The version of each row now. Rejects while the database is away. */
  async versions(): Promise<ReadonlyMap<string, number>> {
    const rows = await this.#database.query('SELECT id, version FROM invoices');
    return new Map(rows.map(({ id, version }) => [String(id), Number(version)]));
  }

  async dump(): Promise<DatabaseDump> {
    const rows = await this.#database.query(
      'SELECT id, version, late_fee_cents, waiver_reason FROM invoices',
    );
    const at = this.engine === 'mysql' ? 'UNIX_TIMESTAMP(recorded_at)' : 'extract(epoch from recorded_at)';
    const receipts = await this.#database.query(
      `SELECT ${receiptFields.join(', ')}, ${at} * 1000 AS recorded_ms FROM ${this.schema}.${RECEIPTS}`,
    );
    return {
      name: this.name,
      rows: rows.map(({ id, version, late_fee_cents, waiver_reason }) => ({
        id: String(id),
        initial: FIRST,
        final: { version: Number(version), fee: Number(late_fee_cents), reason: waiver_reason ?? null },
      })),
      receipts: receipts.map((receipt) => this.#receiptDump(receipt)),
    };
  }

  #receiptDump(receipt: Record<string, string | null>): ReceiptDump {
    return {
      database: this.name,
      key: String(receipt.idempotency_key),
      jobId: String(receipt.job_id),
      proposalId: String(receipt.proposal_id),
      proposalHash: String(receipt.proposal_hash),
      row: String(receipt.target_key),
      status: String(receipt.status),
      reason: receipt.reason ?? null,
      affectedRows: Number(receipt.affected_rows),
      version: receipt.result_version ?? null,
      hash: String(receipt.result_hash),
      attempt: Number(receipt.attempt),
      leaseId: String(receipt.lease_id),
      runnerId: String(receipt.runner_id),
      recordedAt: Number(receipt.recorded_ms),
    };
  }
}

function shopSql(rowIds: readonly string[]): string {
  const rows = rowIds.map((id) => `('${id}', '${TENANT}', ${FIRST.version}, ${FIRST.fee}, NULL)`);
  return `CREATE TABLE invoices (
    id varchar(40) PRIMARY KEY, tenant_id varchar(40) NOT NULL, version bigint NOT NULL,
    late_fee_cents integer NOT NULL CHECK (late_fee_cents >= 0), waiver_reason varchar(80));
  INSERT INTO invoices VALUES ${rows.join(', ')};`;
}
