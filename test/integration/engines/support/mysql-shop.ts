import { grantsSql } from '@countersign/runner/databases/mysql/grants-sql';
import { receiptTableSql } from '@countersign/runner/databases/mysql/receipts-sql';
import mysql from 'mysql2/promise';
import { expect } from 'vitest';
import type { EngineShop } from './engine-shop.ts';

const CHARACTERS = 'ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4';
const NO_SCHEMA = 'here';

/** The receipts, in whichever database it is run. */
export const receiptsHereSql = receiptTableSql(NO_SCHEMA, 'countersign_receipts').replace(
  `\`${NO_SCHEMA}\`.`,
  '',
);

function trigger(name: string, when: string, body: string): string {
  return `CREATE TRIGGER ${name} ${when} UPDATE ON invoices FOR EACH ROW ${body}`;
}

const mysqlShop: EngineShop = {
  sql: `
    CREATE TABLE invoices (
      id varchar(40) NOT NULL, tenant_id varchar(40) NOT NULL, version bigint NOT NULL,
      late_fee_cents int NOT NULL CHECK (late_fee_cents >= 0),
      waiver_reason text, memo varchar(10), code varchar(40) UNIQUE, paid boolean, total decimal(20, 4),
      PRIMARY KEY (tenant_id, id)) ${CHARACTERS};
    INSERT INTO invoices (id, tenant_id, version, late_fee_cents, waiver_reason) VALUES
      ('INV-1', 'acme', 7, 5500, 'none'), ('INV-1', 'globex', 7, 5500, 'none'),
      ('INV-2', 'acme', 9007199254740993, 100, NULL);
    SET time_zone = '+00:00';
    CREATE TABLE notes (id int PRIMARY KEY, body text, changed_at timestamp(6) NOT NULL) ${CHARACTERS};
    INSERT INTO notes VALUES (1, 'old', '2020-02-29 12:00:00.123456'), (2, 'old', '2038-01-01 00:00:00.000001');
    CREATE TABLE local_notes (id int PRIMARY KEY, body text, changed_at datetime(6) NOT NULL) ${CHARACTERS};
    INSERT INTO local_notes VALUES (1, 'old', '2020-02-29 12:00:00.123456'), (2, 'old', '2999-01-01 00:00:00.000001');
    CREATE TABLE audit (note text) ${CHARACTERS};
    ${receiptsHereSql};`,
  schemaOf: ({ name }) => name,
  timedTables: [
    { table: 'notes', zone: '', future: ['2038-01-01 00:00:00.000001', '2038-01-01 00:00:00.000002'] },
    { table: 'local_notes', zone: '', future: ['2999-01-01 00:00:00.000001', '2999-01-01 00:00:00.000002'] },
  ],
  // The catalog of transactions is a copy that is not renewed while it is read again and again.
  blocked: async (database) => {
    const [row] = await database.query(`SHOW GLOBAL STATUS LIKE 'Innodb_row_lock_current_waits'`);
    return Number(row?.Value);
  },
  endRunners: async (database) => {
    // A runner is in no database, and the test's own sessions are in theirs.
    const runners = await database.query(
      `SELECT ID AS id FROM information_schema.PROCESSLIST WHERE DB IS NULL AND USER = 'root'`,
    );
    for (const { id } of runners) await database.query(`KILL ${id}`);
  },
  lockTableSql: 'LOCK TABLES invoices WRITE',
  unlockTableSql: 'UNLOCK TABLES',
  makeUser: (name, password) => `CREATE USER '${name}'@'%' IDENTIFIED BY '${password}'`,
  user: (name) => `'${name}'@'%'`,
  dropUser: (name) => `DROP USER '${name}'@'%'`,
  dropKeySql: 'ALTER TABLE invoices DROP PRIMARY KEY',
  triggers: {
    keepVersion: trigger('keep', 'BEFORE', 'SET NEW.version = OLD.version'),
    refuse: trigger('refuse', 'BEFORE', "SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'not this one'"),
    dawdle: trigger('dawdle', 'BEFORE', 'SET @dawdled = SLEEP(30)'),
    touchNote: trigger('touch_note', 'AFTER', 'UPDATE notes SET body = body WHERE id = 1'),
    audit: trigger('note_down', 'AFTER', 'INSERT INTO audit VALUES (NEW.id)'),
  },
  earlierReceiptsSql: `DROP TABLE countersign_receipts;
    CREATE TABLE countersign_receipts (
      idempotency_key varchar(400) COLLATE utf8mb4_bin NOT NULL, job_id varchar(200) NOT NULL,
      proposal_id varchar(200) NOT NULL, proposal_hash varchar(200) NOT NULL, target_table varchar(200) NOT NULL,
      target_key varchar(1024) NOT NULL, status varchar(10) NOT NULL, reason varchar(20),
      affected_rows smallint NOT NULL, result_version varchar(40), result_hash varchar(80) NOT NULL,
      attempt int NOT NULL, lease_id varchar(200) NOT NULL, runner_id varchar(200) NOT NULL,
      recorded_at timestamp(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6), PRIMARY KEY (idempotency_key),
      CONSTRAINT \`countersign_version_advanced\` CHECK (status <> 'applied' OR result_version IS NOT NULL),
      CONSTRAINT \`countersign_receipt_shape\` CHECK (
        (status = 'applied' AND affected_rows = 1 AND reason IS NULL) OR
        (status = 'conflict' AND affected_rows = 0 AND reason IN ('VERSION_CONFLICT', 'ROW_NOT_FOUND')))) ${CHARACTERS}`,
  deleteTriggerSql: (table) =>
    `CREATE TRIGGER note_end BEFORE DELETE ON ${table} FOR EACH ROW INSERT INTO audit VALUES (OLD.id)`,
  loseDeadlock: {
    database: () => [],
    // Of two that wait for one another, the one that changed less is rolled back.
    session: [
      'CREATE TABLE ballast (n int)',
      `INSERT INTO ballast VALUES ${Array.from({ length: 100 }, (_, n) => `(${n})`).join(', ')}`,
      'BEGIN',
      'UPDATE ballast SET n = n + 1',
    ],
  },
  otherZoneSql: () => `SET GLOBAL time_zone = '+05:30'`,
  truth: '1',
  codes: {
    locked: '1205',
    wrongPassword: '1045',
    forbidden: () => expect.stringMatching(/^ER_(TABLE|COLUMN)ACCESS_DENIED_ERROR$/),
  },
  connect: (url) => mysql.createConnection(url),
  grantsSql: (config, role, password) => grantsSql(config, { role, password: `'${password}'` }),
  // The server has no limit for writing, so the session is dropped: how far it got is then not known.
  tooSlow: { kind: 'unknown' },
};

export const shops = {
  MySQL: mysqlShop,
  MariaDB: { ...mysqlShop, tooSlow: { kind: 'released', reason: 'busy', cause: '1969' } },
} as const satisfies Record<string, EngineShop>;
