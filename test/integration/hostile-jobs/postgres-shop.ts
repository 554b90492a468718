import type { TestDatabase } from '../../support/database-server.ts';
import type { TargetRow } from './hostile-case.ts';
import type { HostileShop } from './shop.ts';
import type { Row, Snapshot } from './shop-snapshot.ts';
import { OTHER_TENANTS, ROLE, SEEDED_KEY, VIEW } from './shop-tables.ts';

/** Tables, bait, and operators that hold for everything to a session that finds them first. */
function shopSql(receiptsSql: string): string {
  const likeInvoices = ['private.invoices', 'shadow.invoices', 'public."Invoices"', 'public.constructor']
    .map((name) => `CREATE TABLE ${name} (LIKE public.invoices INCLUDING ALL);`)
    .join('\n');
  const blindOperators = ['text', 'bigint', 'integer', 'character']
    .map(
      (
        type,
      ) => `CREATE FUNCTION shadow.always(${type}, ${type}) RETURNS boolean LANGUAGE sql AS 'SELECT true';
        CREATE OPERATOR shadow.= (LEFTARG = ${type}, RIGHTARG = ${type}, FUNCTION = shadow.always);`,
    )
    .join('\n');
  return `
    CREATE SCHEMA shadow;
    CREATE SCHEMA private;
    CREATE TABLE public.invoices (
      id text, tenant_id text, version bigint NOT NULL DEFAULT 7,
      late_fee_cents integer NOT NULL DEFAULT 5500 CHECK (late_fee_cents >= 0),
      waiver_reason text, paid boolean, amount numeric,
      created_by text DEFAULT 'ann', total integer DEFAULT 90000, owner text DEFAULT 'bob',
      "Waiver_Reason" text, "constructor" text, "toString" text, "__proto__" text,
      PRIMARY KEY (tenant_id, id));
    CREATE TABLE public.ledgers (
      id bigint PRIMARY KEY, tenant_id integer NOT NULL, version integer NOT NULL DEFAULT 7,
      balance integer NOT NULL DEFAULT 1);
    CREATE TABLE public.notes (
      id text, tenant_id character(8), body text,
      written_at timestamp NOT NULL DEFAULT '2026-01-02 03:04:05.678901', PRIMARY KEY (tenant_id, id));
    CREATE TABLE public.settings (
      id integer PRIMARY KEY, tenant_id text, value text,
      updated_at timestamptz NOT NULL DEFAULT '2026-01-02 03:04:05.678901+00');
    CREATE TABLE public.users (id text PRIMARY KEY, tenant_id text, version bigint, waiver_reason text);
    CREATE VIEW public.${VIEW} AS SELECT * FROM public.invoices;
    ${receiptsSql}
    ${likeInvoices}
    CREATE TABLE shadow.ledgers (LIKE public.ledgers INCLUDING ALL);
    CREATE TABLE shadow.countersign_receipts (LIKE public.countersign_receipts INCLUDING ALL);
    ${blindOperators}
    CREATE ROLE ${ROLE.role} LOGIN SUPERUSER PASSWORD '${ROLE.password}';
    ALTER ROLE ${ROLE.role} SET search_path = shadow, pg_catalog, public;`;
}

async function seedShop(db: TestDatabase, rows: readonly TargetRow[]): Promise<void> {
  const idsOf = (table: string) => [
    ...new Set(rows.filter((row) => row.table === table).map(({ id }) => id)),
  ];
  const tenants = ['acme', ...OTHER_TENANTS];
  await db.query(
    `INSERT INTO public.invoices (id, tenant_id) SELECT id, tenant FROM unnest($1::text[]) id, unnest($2::text[]) tenant`,
    [idsOf('public.invoices'), tenants],
  );
  for (const name of ['private.invoices', 'shadow.invoices', 'public."Invoices"', 'public.constructor'])
    await db.query(`INSERT INTO ${name} SELECT * FROM public.invoices WHERE tenant_id = 'acme'`);
  await db.query(
    `INSERT INTO public.users SELECT id, tenant_id, 7 FROM public.invoices WHERE tenant_id = 'acme'`,
  );
  await db.query(`INSERT INTO public.ledgers SELECT id::bigint, 7 FROM unnest($1::text[]) id`, [
    idsOf('public.ledgers'),
  ]);
  // The keys from 1000 on are another tenant's.
  await db.query(`INSERT INTO public.ledgers SELECT 1000 + id, 8 FROM public.ledgers`);
  await db.query(`INSERT INTO shadow.ledgers SELECT * FROM public.ledgers`);
  await db.query(
    `INSERT INTO public.notes SELECT id, tenant FROM unnest($1::text[]) id, unnest(ARRAY['acme', 'globex', 'ACME']) tenant`,
    [idsOf('public.notes')],
  );
  await db.query(`INSERT INTO public.settings SELECT id::integer, 'acme' FROM unnest($1::text[]) id`, [
    idsOf('public.settings'),
  ]);
  await db.query(
    `INSERT INTO public.countersign_receipts (idempotency_key, job_id, proposal_id, proposal_hash, target_table,
       target_key, status, affected_rows, result_version, result_hash, attempt, lease_id, runner_id)
     VALUES ($1, 'wbj_of_somebody_else', 'wrp_0', 'sha256:00', 'public.invoices', 'INV-0', 'applied', 1, '8',
       'sha256:00', 1, 'lse_0', 'runner-0')`,
    [SEEDED_KEY],
  );
}

const USER_SCHEMAS = `n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'`;

async function snapshotShop(db: TestDatabase): Promise<Snapshot> {
  const names = await db.query(
    `SELECT n.nspname || '.' || c.relname AS name, format('%I.%I', n.nspname, c.relname) AS quoted
     FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE ${USER_SCHEMAS} AND c.relkind IN ('r', 'p', 'm')`,
  );
  const snapshot: Record<string, readonly Row[]> = {};
  for (const { name, quoted } of names)
    snapshot[String(name)] = await db.query(`SELECT t.*, t.xmin AS writer FROM ${quoted} AS t ORDER BY 1, 2`);
  return snapshot;
}

async function describeShop(db: TestDatabase): Promise<readonly Row[]> {
  return db.query(
    `SELECT 'relation' AS what, concat_ws('.', n.nspname, c.relname) AS name, concat_ws(' ', c.relkind, c.relowner, c.relacl) AS more
     FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE ${USER_SCHEMAS}
     UNION ALL SELECT 'column', concat_ws('.', a.attrelid::regclass, a.attname), concat_ws(' ', a.atttypid::regtype, a.attnotnull)
     FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE ${USER_SCHEMAS}
     UNION ALL SELECT 'function', p.oid::regprocedure::text, md5(p.prosrc)
     FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace WHERE ${USER_SCHEMAS}
     UNION ALL SELECT 'trigger', concat_ws('.', t.tgrelid::regclass, t.tgname), t.tgenabled::text FROM pg_trigger t
     UNION ALL SELECT 'role', rolname, rolpassword FROM pg_authid
     UNION ALL SELECT 'setting', setrole::text, setconfig::text FROM pg_db_role_setting
     UNION ALL SELECT 'database', datname, NULL FROM pg_database
     ORDER BY 1, 2, 3`,
  );
}

export const postgresShop: HostileShop = {
  sql: shopSql,
  seed: seedShop,
  snapshot: snapshotShop,
  describe: describeShop,
};
