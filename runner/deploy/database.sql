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

-- What `countersign-runner receipts-sql` prints.
CREATE TABLE IF NOT EXISTS "public"."countersign_receipts" (
  idempotency_key text PRIMARY KEY,
  job_id text NOT NULL,
  proposal_id text NOT NULL,
  proposal_hash text NOT NULL,
  target_table text NOT NULL,
  target_key text NOT NULL,
  status text NOT NULL CHECK (status IN ('applied', 'conflict')),
  reason text CHECK (reason IN ('VERSION_CONFLICT', 'ROW_NOT_FOUND')),
  affected_rows smallint NOT NULL,
  result_version text,
  result_hash text NOT NULL,
  attempt integer NOT NULL,
  lease_id text NOT NULL,
  runner_id text NOT NULL,
  recorded_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  CONSTRAINT "countersign_version_advanced" CHECK (status <> 'applied' OR result_version IS NOT NULL),
  CONSTRAINT "countersign_receipt_shape" CHECK (
    (status = 'applied' AND affected_rows = 1 AND reason IS NULL) OR
    (status = 'conflict' AND affected_rows = 0 AND reason IS NOT NULL)
  )
);

CREATE ROLE countersign LOGIN PASSWORD :'password';
GRANT SELECT (id, tenant_id, version), UPDATE (late_fee_cents, waiver_reason, version) ON public.invoices TO countersign;
GRANT SELECT, INSERT ON public.countersign_receipts TO countersign;
