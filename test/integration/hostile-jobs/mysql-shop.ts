import type { TestDatabase } from '../../support/database-server.ts';
import type { TargetRow } from './hostile-case.ts';
import type { HostileShop } from './shop.ts';
import type { Row, Snapshot } from './shop-snapshot.ts';
import { OTHER_TENANTS, ROLE, SEEDED_KEY, VIEW } from './shop-tables.ts';

const SCHEMAS = ['private', 'public', 'shadow'];
const CHARACTERS = 'DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci';
/** Tells tenants apart that differ in blanks, so that all of them can have rows with the same keys. */
const EXACT = '/*!80017 COLLATE utf8mb4_0900_bin */ /*M!100202 COLLATE utf8mb4_nopad_bin */';

/** A number that grows with each write, whatever it writes. */
const writerSql = ['invoices', 'ledgers', 'notes', 'settings']
  .map(
    (table) =>
      `CREATE TRIGGER public.count_${table} BEFORE UPDATE ON public.${table} FOR EACH ROW SET NEW.writer = OLD.writer + 1;`,
  )
  .join('\n');

/** Tables and bait. Keys are compared without regard to case or to blanks at the end, as is usual. */
function shopSql(receiptsSql: string): string {
  const likeInvoices = ['private.invoices', 'shadow.invoices', 'public.Invoices', 'public.constructor']
    .map((name) => `CREATE TABLE ${name} LIKE public.invoices;`)
    .join('\n');
  return `
    SET time_zone = '+00:00';
    ${SCHEMAS.map((schema) => `CREATE DATABASE ${schema};`).join('\n')}
    CREATE TABLE public.invoices (
      id varchar(200), tenant_id varchar(40) ${EXACT}, version bigint NOT NULL DEFAULT 7,
      late_fee_cents int NOT NULL DEFAULT 5500,
      waiver_reason mediumtext, paid boolean, amount decimal(40, 10),
      created_by varchar(20) DEFAULT 'ann', total int DEFAULT 90000, owner varchar(20) DEFAULT 'bob',
      writer int NOT NULL DEFAULT 0,
      PRIMARY KEY (tenant_id, id)) ${CHARACTERS};
    CREATE TABLE public.ledgers (
      id bigint PRIMARY KEY, tenant_id int NOT NULL, version int NOT NULL DEFAULT 7, balance int NOT NULL DEFAULT 1,
      writer int NOT NULL DEFAULT 0);
    CREATE TABLE public.notes (
      id varchar(200), tenant_id char(8) COLLATE utf8mb4_bin, body text,
      written_at datetime(6) NOT NULL DEFAULT '2026-01-02 03:04:05.678901', writer int NOT NULL DEFAULT 0,
      PRIMARY KEY (tenant_id, id)) ${CHARACTERS};
    CREATE TABLE public.settings (
      id int PRIMARY KEY, tenant_id varchar(40), value text,
      updated_at timestamp(6) NOT NULL DEFAULT '2026-01-02 03:04:05.678901', writer int NOT NULL DEFAULT 0) ${CHARACTERS};
    CREATE TABLE public.users (id varchar(200) PRIMARY KEY, tenant_id varchar(40), version bigint, waiver_reason text)
      ${CHARACTERS};
    CREATE VIEW public.${VIEW} AS SELECT * FROM public.invoices;
    ${receiptsSql}
    ${likeInvoices}
    CREATE TABLE shadow.ledgers LIKE public.ledgers;
    CREATE TABLE shadow.countersign_receipts LIKE public.countersign_receipts;
    ALTER TABLE public.invoices ADD CHECK (late_fee_cents >= 0);
    ${writerSql}
    CREATE USER '${ROLE.role}'@'%' IDENTIFIED BY '${ROLE.password}';
    GRANT ALL PRIVILEGES ON *.* TO '${ROLE.role}'@'%' WITH GRANT OPTION;`;
}

async function seedShop(db: TestDatabase, rows: readonly TargetRow[]): Promise<void> {
  const idsOf = (table: string) => [
    ...new Set(rows.filter((row) => row.table === table).map(({ id }) => id)),
  ];
  const owned = (ids: readonly string[], tenants: readonly string[]) =>
    ids.flatMap((id) => tenants.map((tenant) => [id, tenant]));
  const add = (into: string, values: readonly (readonly unknown[])[]) =>
    db.query(`INSERT INTO ${into} VALUES ?`, [values]);
  await db.query(`SET time_zone = '+00:00'`);
  await add('public.invoices (id, tenant_id)', owned(idsOf('public.invoices'), ['acme', ...OTHER_TENANTS]));
  for (const name of ['private.invoices', 'shadow.invoices', 'public.Invoices', 'public.constructor'])
    await db.query(`INSERT INTO ${name} SELECT * FROM public.invoices WHERE tenant_id = 'acme'`);
  await db.query(`INSERT INTO public.users (id, tenant_id, version)
    SELECT id, tenant_id, 7 FROM public.invoices WHERE tenant_id = 'acme'`);
  await add('public.ledgers (id, tenant_id)', owned(idsOf('public.ledgers'), ['7']));
  // The keys from 1000 on are another tenant's.
  await db.query('INSERT INTO public.ledgers (id, tenant_id) SELECT 1000 + id, 8 FROM public.ledgers');
  await db.query('INSERT INTO shadow.ledgers SELECT * FROM public.ledgers');
  await add('public.notes (id, tenant_id)', owned(idsOf('public.notes'), ['acme', 'globex', 'ACME']));
  await add('public.settings (id, tenant_id)', owned(idsOf('public.settings'), ['acme']));
  await db.query(
    `INSERT INTO public.countersign_receipts (idempotency_key, job_id, proposal_id, proposal_hash, target_table,
       target_key, status, affected_rows, result_version, result_hash, attempt, lease_id, runner_id)
     VALUES (?, 'wbj_of_somebody_else', 'wrp_0', 'sha256:00', 'public.invoices', 'INV-0', 'applied', 1, '8',
       'sha256:00', 1, 'lse_0', 'runner-0')`,
    [SEEDED_KEY],
  );
}

async function snapshotShop(db: TestDatabase): Promise<Snapshot> {
  const names = await db.query(
    `SELECT CONCAT(TABLE_SCHEMA, '.', TABLE_NAME) AS name FROM information_schema.TABLES
     WHERE TABLE_SCHEMA NOT IN ('mysql', 'sys', 'information_schema', 'performance_schema') AND TABLE_TYPE = 'BASE TABLE'`,
  );
  const snapshot: Record<string, readonly Row[]> = {};
  for (const { name } of names)
    snapshot[String(name)] = await db.query(`SELECT t.* FROM ${name} AS t ORDER BY 1, 2`);
  return snapshot;
}

async function describeShop(db: TestDatabase): Promise<readonly Row[]> {
  return db.query(
    `SELECT 'relation' AS what, CONCAT_WS('.', TABLE_SCHEMA, TABLE_NAME) AS name,
       CONCAT_WS(' ', TABLE_TYPE, ENGINE, TABLE_COLLATION, CREATE_TIME) AS more FROM information_schema.TABLES
     WHERE TABLE_SCHEMA NOT IN ('sys', 'information_schema', 'performance_schema')
     UNION ALL SELECT 'column', CONCAT_WS('.', TABLE_SCHEMA, TABLE_NAME, COLUMN_NAME),
       CONCAT_WS(' ', COLUMN_TYPE, IS_NULLABLE, EXTRA) FROM information_schema.COLUMNS
     WHERE TABLE_SCHEMA NOT IN ('sys', 'information_schema', 'performance_schema')
     UNION ALL SELECT 'index', CONCAT_WS('.', TABLE_SCHEMA, TABLE_NAME, INDEX_NAME, SEQ_IN_INDEX), COLUMN_NAME
     FROM information_schema.STATISTICS WHERE TABLE_SCHEMA IN (${SCHEMAS.map((schema) => `'${schema}'`).join(', ')})
     UNION ALL SELECT 'routine', CONCAT_WS('.', ROUTINE_SCHEMA, ROUTINE_NAME), SHA2(ROUTINE_DEFINITION, 256)
     FROM information_schema.ROUTINES WHERE ROUTINE_SCHEMA <> 'sys'
     UNION ALL SELECT 'trigger', CONCAT_WS('.', TRIGGER_SCHEMA, TRIGGER_NAME), SHA2(ACTION_STATEMENT, 256)
     FROM information_schema.TRIGGERS WHERE TRIGGER_SCHEMA <> 'sys'
     UNION ALL SELECT 'event', CONCAT_WS('.', EVENT_SCHEMA, EVENT_NAME), NULL FROM information_schema.EVENTS
     UNION ALL SELECT 'role', CONCAT_WS('@', User, Host), authentication_string FROM mysql.user
     UNION ALL SELECT 'right', CONCAT_WS('@', GRANTEE, PRIVILEGE_TYPE), IS_GRANTABLE
     FROM information_schema.USER_PRIVILEGES
     UNION ALL SELECT 'database', SCHEMA_NAME, DEFAULT_COLLATION_NAME FROM information_schema.SCHEMATA
     ORDER BY 1, 2, 3`,
  );
}

export const mysqlShop: HostileShop = {
  sql: shopSql,
  seed: seedShop,
  snapshot: snapshotShop,
  describe: describeShop,
};
