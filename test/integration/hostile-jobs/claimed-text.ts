import type { Engine } from '../../support/database-server.ts';
import type { Draft, HostileCase, TargetRow } from './hostile-case.ts';

const LEASE_MS = 600_000;

/** What stands in the place of time in every job; the receipts and results never show it. */
const untilLater = (ms: number) => new Date(Date.now() + ms).toISOString();

interface TableJob {
  readonly tenant: Draft;
  readonly patch: Draft;
  readonly version: { readonly column: string; readonly expected_value: unknown };
}

const jobs: Readonly<Record<TargetRow['table'], TableJob>> = {
  'public.invoices': {
    tenant: { column: 'tenant_id', value: 'acme' },
    patch: { waiver_reason: 'goodwill', late_fee_cents: 0 },
    version: { column: 'version', expected_value: 7 },
  },
  'public.ledgers': {
    tenant: { column: 'tenant_id', value: 7 },
    patch: { balance: 0 },
    version: { column: 'version', expected_value: 7 },
  },
  'public.notes': {
    tenant: { column: 'tenant_id', value: 'acme' },
    patch: { body: 'goodwill' },
    version: { column: 'written_at', expected_value: '2026-01-02 03:04:05.678901' },
  },
  'public.settings': {
    tenant: { column: 'tenant_id', value: 'anybody' },
    patch: { value: 'goodwill' },
    version: { column: 'updated_at', expected_value: '2026-01-02 03:04:05.678901+00' },
  },
};

/** The row that the job of a case, the nth of all, is about. */
export function rowOf({ row }: HostileCase, n: number): TargetRow {
  return row ?? { table: 'public.invoices', id: `ROW-${n}` };
}

/** A claimed job that the configuration allows, with ids of its own. */
export function goodClaim(engine: Engine, ids: string, { table: name, id }: TargetRow): Draft {
  const [schema, table] = name.split('.');
  const { patch, tenant, version } = jobs[name];
  return {
    protocol_version: '1.0',
    job_id: `wbj_${ids}`,
    lease_id: `lse_${ids}`,
    write_by: untilLater(LEASE_MS),
    writeback_job: {
      schema_version: 'synapsor.writeback-job.v1',
      writeback_job_id: `wbj_${ids}`,
      proposal_id: `wrp_${ids}`,
      proposal_version: 1,
      proposal_hash: 'sha256:5f1d',
      runner_scope: { project_id: 'acme-prod', source_id: 'src_shop' },
      engine,
      operation: 'single_row_update',
      target: { schema, table, primary_key: { column: 'id', value: id } },
      tenant_guard: { ...tenant },
      allowed_columns: Object.keys(patch),
      patch: { ...patch },
      conflict_guard: { kind: 'column', ...version },
      idempotency_key: `key:${ids}`,
      lease: { lease_id: `lse_${ids}`, attempt: 1, expires_at: untilLater(LEASE_MS) },
    },
  };
}

/** The JSON text of a case's claimed job, spoiled. */
export function claimedText(engine: Engine, hostile: HostileCase, n: number): string {
  const claimed = goodClaim(engine, `hostile_${n}`, rowOf(hostile, n));
  for (const { draft } of hostile.spoils) draft?.(claimed);
  return hostile.spoils.reduce((json, { text }) => text?.(json) ?? json, JSON.stringify(claimed));
}
