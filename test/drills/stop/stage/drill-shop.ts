import { receiptTableSql } from '@countersign/runner/databases/postgres/receipts-sql';
import { PostgresServer, type TestDatabase } from '../../../support/postgres-server.ts';
import type { RowAtEnd, Write } from '../facts.ts';
import type { DrillJob } from './drill-jobs.ts';

export const TENANT = 'acme';
export const FIRST_VERSION = 7;
const TEMPLATE = 'drill_shop';

/** The customer's database: writes to it take long, and each leaves behind when it began. */
export class DrillShop {
  readonly #server: PostgresServer;
  readonly #database: TestDatabase;

  private constructor(server: PostgresServer, database: TestDatabase) {
    this.#server = server;
    this.#database = database;
  }

  /**
   * @param writeSeconds what a write takes at most, and half of it at least, until `hurry`: all different, so that one
   *   is about to begin whenever the limit comes
   */
  static async open(jobs: readonly DrillJob[], writeSeconds: number): Promise<DrillShop> {
    const server = await PostgresServer.start({ settings: { track_commit_timestamp: 'on' } });
    await server.template(TEMPLATE, shopSql(jobs, writeSeconds));
    return new DrillShop(server, await server.clone(TEMPLATE));
  }

  get url(): string {
    return this.#database.url;
  }

  /** The database's clock. Unix milliseconds, as all times here. */
  async now(): Promise<number> {
    const [row] = await this.#database.query(`SELECT ${millisecondsOf('clock_timestamp()')} AS now`);
    return Number(row?.now);
  }

  /** Writes take no longer than they must from now on. */
  async hurry(): Promise<void> {
    await this.#database.query('UPDATE pace SET seconds = 0');
  }

  /** Every write that a receipt tells of. */
  async writes(): Promise<readonly Write[]> {
    const rows = await this.#database.query(
      `SELECT receipt.target_key AS id, ${millisecondsOf('begun.at')} AS begun,
         ${millisecondsOf('pg_xact_commit_timestamp(receipt.xmin)')} AS committed
       FROM countersign_receipts AS receipt
       JOIN begun ON begun.invoice_id = receipt.target_key AND begun.xmin = receipt.xmin`,
    );
    return rows.map(({ begun, committed, id }) => ({
      row: String(id),
      begunAt: Number(begun),
      committedAt: Number(committed),
    }));
  }

  async rows(): Promise<readonly RowAtEnd[]> {
    const rows = await this.#database.query(
      `SELECT id, version - ${FIRST_VERSION} AS moved,
         (SELECT count(*) FROM countersign_receipts WHERE target_key = invoices.id) AS receipts
       FROM invoices`,
    );
    return rows.map(({ id, moved, receipts }) => ({
      id: String(id),
      moved: Number(moved),
      receipts: Number(receipts),
    }));
  }

  /** Of which proposals there are receipts. */
  async proposalsWithReceipts(): Promise<readonly string[]> {
    const rows = await this.#database.query('SELECT proposal_id FROM countersign_receipts');
    return rows.map(({ proposal_id }) => String(proposal_id));
  }

  async stop(): Promise<void> {
    await this.#server.stop();
  }
}

function millisecondsOf(moment: string): string {
  return `1000 * extract(epoch FROM ${moment})`;
}

/** What a transaction began with is when the server took up the statement of the write: it has no other. */
function shopSql(jobs: readonly DrillJob[], writeSeconds: number): string {
  const columns = [...new Set(jobs.map(({ column }) => column))];
  return `CREATE TABLE invoices (
    id text PRIMARY KEY, tenant_id text NOT NULL, version bigint NOT NULL,
    ${columns.map((column) => `${column} integer NOT NULL DEFAULT 5500`).join(', ')});
  INSERT INTO invoices (id, tenant_id, version)
    VALUES ${jobs.map(({ row }) => `('${row}', '${TENANT}', ${FIRST_VERSION})`).join(', ')};
  CREATE TABLE begun (invoice_id text NOT NULL, at timestamptz NOT NULL);
  CREATE TABLE pace AS SELECT ${writeSeconds}::float8 AS seconds;
  CREATE FUNCTION take_long() RETURNS trigger LANGUAGE plpgsql AS $body$
    BEGIN
      INSERT INTO public.begun VALUES (NEW.id, transaction_timestamp());
      PERFORM pg_sleep(seconds * (1 + random()) / 2) FROM public.pace;
      RETURN NEW;
    END $body$;
  CREATE TRIGGER take_long BEFORE UPDATE ON invoices FOR EACH ROW EXECUTE FUNCTION take_long();
  ${receiptTableSql('public', 'countersign_receipts')};`;
}
