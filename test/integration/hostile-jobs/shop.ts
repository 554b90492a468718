import type { TestDatabase } from '../../support/postgres-server.ts';
import type { TargetRow } from './hostile-case.ts';

/** What the runner of this suite may write; the tables beside these are bait. */
export const configuredTables = {
  'public.invoices': {
    primary_key: 'id',
    tenant: { column: 'tenant_id', values: ['acme'] },
    version: { column: 'version', advance: 'integer' },
    columns: ['late_fee_cents', 'waiver_reason', 'paid', 'amount'],
    protected_columns: ['created_by'],
  },
  'public.ledgers': {
    primary_key: 'id',
    tenant: { column: 'tenant_id', values: ['7'] },
    version: { column: 'version', advance: 'integer' },
    columns: ['balance'],
  },
  // Its tenants are of a type that does not tell trailing blanks apart.
  'public.notes': {
    primary_key: 'id',
    tenant: { column: 'tenant_id', values: ['acme'] },
    version: { column: 'written_at', advance: 'timestamp' },
    columns: ['body'],
  },
  'public.settings': {
    primary_key: 'id',
    tenant: { single_tenant: true },
    version: { column: 'updated_at', advance: 'timestamp' },
    columns: ['value'],
  },
} as const;

/** Tables of the database that no job may ever change, though each could be written like an invoice. */
export const baitTables = [
  'private.invoices',
  'public.Invoices',
  'public.constructor',
  'public.users',
  'shadow.countersign_receipts',
  'shadow.invoices',
  'shadow.ledgers',
] as const;

/** A name in public that is no table, through which invoices could be written. */
export const VIEW = 'open_invoices';
export const OTHER_TENANTS = ['globex', 'ACME', 'acme ', '\u0430cme', '7'] as const;
export const SEEDED_KEY = 'key:of-somebody-else';

/** An invoice with many keys that look like its own. */
export const INVOICE = 'INV-1';

/** A role that may do anything, so that nothing but the runner's own checks stands in the way. */
export const ROLE = { role: 'shop_owner', password: 'shop' } as const;

/** Tables, bait, and operators that hold for everything to a session that finds them first. */
export function shopSql(receiptsSql: string): string {
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

/** The rows that jobs are about, and rows with the same keys wherever a job that went astray would find them. */
export async function seedShop(db: TestDatabase, rows: readonly TargetRow[]): Promise<void> {
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
