-- The database of compose.yaml, made at its first start by psql: the table of the example, the receipts, and the role of
-- the runner with no more rights than it needs.
\set password `cat /run/secrets/countersign-password`

CREATE TABLE public.invoices (
  id text PRIMARY KEY,
  tenant_id text NOT NULL,
  version bigint NOT NULL DEFAULT 1,
  late_fee_cents integer CHECK (late_fee_cents >= 0),
  waiver_reason text
);

-- What `countersign-runner init` prints, with the role's name and password put in.
-- Whom the runner logs in as. Leave this statement away where the role is there already.
CREATE ROLE "countersign" LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE PASSWORD :'password';
DO $$ BEGIN
  EXECUTE pg_catalog.format('GRANT CONNECT ON DATABASE %I TO "countersign"', pg_catalog.current_database());
END $$;

-- It must not be able to create anything. PostgreSQL 15 and newer give no such right to everybody.
REVOKE CREATE ON SCHEMA "public" FROM PUBLIC;
GRANT USAGE ON SCHEMA "public" TO "countersign";

-- The receipts: one for each job, which it may add and read and never change.
CREATE TABLE IF NOT EXISTS "public"."countersign_receipts" (
  idempotency_key text PRIMARY KEY,
  job_id text NOT NULL,
  proposal_id text NOT NULL,
  proposal_hash text NOT NULL,
  target_table text NOT NULL,
  target_key text NOT NULL,
  operation text NOT NULL DEFAULT 'single_row_update',
  status text NOT NULL CHECK (status IN ('applied', 'conflict')),
  reason text,
  affected_rows smallint NOT NULL,
  result_version text,
  result_hash text NOT NULL,
  attempt integer NOT NULL,
  lease_id text NOT NULL,
  runner_id text NOT NULL,
  recorded_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  CONSTRAINT "countersign_version_advanced" CHECK (status <> 'applied' OR result_version IS NOT NULL OR operation <> 'single_row_update'),
  CONSTRAINT "countersign_receipt_shape" CHECK (
    (status = 'applied' AND affected_rows BETWEEN 1 AND 100 AND reason IS NULL) OR
    (status = 'conflict' AND affected_rows = 0 AND reason IS NOT NULL AND reason IN ('VERSION_CONFLICT', 'ROW_NOT_FOUND', 'INSERT_DEDUP_CONFLICT', 'SET_DRIFT_CONFLICT', 'ROW_CHANGED_AFTER_PROPOSAL', 'FRESHNESS_DEPENDENCY_STALE'))
  )
);
REVOKE ALL ON "public"."countersign_receipts" FROM PUBLIC;
GRANT SELECT, INSERT ON "public"."countersign_receipts" TO "countersign";

-- The tables: it finds a row by key, tenant and version, and writes these columns and the version.
GRANT SELECT ("id", "tenant_id", "version"), UPDATE ("late_fee_cents", "waiver_reason", "version")
  ON "public"."invoices" TO "countersign";
