import { grantsSql } from '@countersign/runner/databases/postgres/grants-sql';
import { receiptTableSql } from '@countersign/runner/databases/postgres/receipts-sql';
import pg from 'pg';
import type { EngineShop } from './engine-shop.ts';

/** A trigger of the invoices, with a function of its own. */
function trigger(name: string, when: string, body: string): string {
  return `CREATE FUNCTION ${name}() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN ${body.replaceAll("'", "''")} RETURN NEW; END';
    CREATE TRIGGER ${name} ${when} UPDATE ON invoices FOR EACH ROW EXECUTE FUNCTION ${name}()`;
}

export const postgresShop: EngineShop = {
  sql: `
    CREATE TABLE invoices (
      id text NOT NULL, tenant_id text NOT NULL, version bigint NOT NULL,
      late_fee_cents integer NOT NULL CHECK (late_fee_cents >= 0),
      waiver_reason text, memo varchar(10), code text UNIQUE, paid boolean, total numeric(20, 4),
      PRIMARY KEY (tenant_id, id));
    INSERT INTO invoices (id, tenant_id, version, late_fee_cents, waiver_reason) VALUES
      ('INV-1', 'acme', 7, 5500, 'none'), ('INV-1', 'globex', 7, 5500, 'none'),
      ('INV-2', 'acme', 9007199254740993, 100, NULL);
    CREATE TABLE notes (id integer PRIMARY KEY, body text, changed_at timestamptz NOT NULL);
    INSERT INTO notes VALUES (1, 'old', '2020-02-29 12:00:00.123456+00'), (2, 'old', '2999-01-01 00:00:00.000001+00');
    CREATE TABLE local_notes (id integer PRIMARY KEY, body text, changed_at timestamp NOT NULL);
    INSERT INTO local_notes VALUES (1, 'old', '2020-02-29 12:00:00.123456'), (2, 'old', '2999-01-01 00:00:00.000001');
    CREATE TABLE audit (note text);
    ${receiptTableSql('public', 'countersign_receipts')};`,
  schemaOf: () => 'public',
  timedTables: [
    {
      table: 'notes',
      zone: '+00',
      future: ['2999-01-01 00:00:00.000001+00', '2999-01-01 00:00:00.000002+00'],
    },
    {
      table: 'local_notes',
      zone: '',
      future: ['2999-01-01 00:00:00.000001', '2999-01-01 00:00:00.000002'],
    },
  ],
  blocked: async (database) => {
    const [row] = await database.query(`SELECT count(*) AS blocked FROM pg_stat_activity
      WHERE datname = current_database() AND application_name = 'countersign-runner' AND wait_event_type = 'Lock'`);
    return Number(row?.blocked);
  },
  endRunners: async (database) => {
    await database.query(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity
      WHERE datname = current_database() AND application_name = 'countersign-runner'`);
  },
  lockTableSql: 'LOCK TABLE invoices IN ACCESS EXCLUSIVE MODE',
  unlockTableSql: 'COMMIT',
  makeUser: (name, password) => `CREATE ROLE ${name} LOGIN PASSWORD '${password}'`,
  user: (name) => name,
  dropUser: (name) => `DROP OWNED BY ${name}; DROP ROLE ${name}`,
  dropKeySql: 'ALTER TABLE invoices DROP CONSTRAINT invoices_pkey',
  triggers: {
    keepVersion: trigger('keep', 'BEFORE', 'NEW.version := OLD.version;'),
    refuse: trigger('refuse', 'BEFORE', "RAISE EXCEPTION 'not this one';"),
    dawdle: trigger('dawdle', 'BEFORE', 'PERFORM pg_sleep(30);'),
    touchNote: trigger('touch_note', 'AFTER', 'UPDATE notes SET body = body WHERE id = 1;'),
    audit: trigger('note_down', 'AFTER', 'INSERT INTO audit VALUES (NEW.id);'),
  },
  earlierReceiptsSql: `DROP TABLE countersign_receipts;
    CREATE TABLE countersign_receipts (
      idempotency_key text PRIMARY KEY, job_id text NOT NULL, proposal_id text NOT NULL, proposal_hash text NOT NULL,
      target_table text NOT NULL, target_key text NOT NULL,
      status text NOT NULL CHECK (status IN ('applied', 'conflict')),
      reason text CHECK (reason IN ('VERSION_CONFLICT', 'ROW_NOT_FOUND')),
      affected_rows smallint NOT NULL, result_version text, result_hash text NOT NULL, attempt integer NOT NULL,
      lease_id text NOT NULL, runner_id text NOT NULL, recorded_at timestamptz NOT NULL DEFAULT clock_timestamp(),
      CONSTRAINT "countersign_version_advanced" CHECK (status <> 'applied' OR result_version IS NOT NULL),
      CONSTRAINT "countersign_receipt_shape" CHECK (
        (status = 'applied' AND affected_rows = 1 AND reason IS NULL) OR
        (status = 'conflict' AND affected_rows = 0 AND reason IS NOT NULL)))`,
  deleteTriggerSql: (table) => `CREATE FUNCTION note_end() RETURNS trigger LANGUAGE plpgsql AS
      'BEGIN INSERT INTO audit VALUES (OLD.id); RETURN OLD; END';
    CREATE TRIGGER note_end BEFORE DELETE ON ${table} FOR EACH ROW EXECUTE FUNCTION note_end()`,
  loseDeadlock: {
    // Looked for once, after this time: by then both must wait.
    database: (name) => [`ALTER DATABASE ${name} SET deadlock_timeout = '500ms'`],
    session: [`SET deadlock_timeout = '10s'`, 'BEGIN'],
  },
  otherZoneSql: (database) => `ALTER DATABASE ${database} SET TimeZone = 'Asia/Kolkata'`,
  truth: 't',
  codes: { locked: '55P03', wrongPassword: '28P01', forbidden: () => '42501' },
  connect: async (url) => {
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    return client;
  },
  grantsSql: (config, role, password) => grantsSql(config, { role, password: `'${password}'` }),
  tooSlow: { kind: 'released', reason: 'busy', cause: '57014' },
};
