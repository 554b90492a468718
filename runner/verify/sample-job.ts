import type { PublicJob } from '@countersign/protocol/writeback-job';
import { type RunnerConfig, runnerConfigSchema } from '../config/runner-config.ts';

/** For tests: a configuration, and a job that it allows. */
export const sampleConfig: RunnerConfig = runnerConfigSchema.parse({
  control_plane: { url: 'http://127.0.0.1:8787', token: { env: 'COUNTERSIGN_RUNNER_TOKEN' } },
  runner_id: 'runner-1',
  sources: {
    src_shop: {
      engine: 'postgres',
      alias: 'shop',
      database_url: { env: 'SHOP_DATABASE_URL' },
      tables: {
        'public.invoices': {
          primary_key: 'id',
          tenant: { column: 'tenant_id', values: ['acme'] },
          version: { column: 'version', advance: 'integer' },
          columns: ['late_fee_cents', 'waiver_reason'],
          protected_columns: ['created_by'],
        },
        'public.settings': {
          primary_key: 'id',
          tenant: { single_tenant: true },
          version: { column: 'updated_at', advance: 'timestamp' },
          columns: ['value'],
        },
      },
    },
  },
});

export const sampleJob: PublicJob = {
  schema_version: 'synapsor.writeback-job.v1',
  writeback_job_id: 'wbj_wrp_1',
  proposal_id: 'wrp_1',
  proposal_version: 1,
  proposal_hash: 'sha256:5f1d',
  runner_scope: { project_id: 'acme-prod', source_id: 'src_shop' },
  engine: 'postgres',
  operation: 'single_row_update',
  target: { schema: 'public', table: 'invoices', primary_key: { column: 'id', value: 'INV-3001' } },
  tenant_guard: { column: 'tenant_id', value: 'acme' },
  allowed_columns: ['late_fee_cents', 'waiver_reason'],
  patch: { waiver_reason: 'goodwill', late_fee_cents: 0 },
  conflict_guard: { kind: 'column', column: 'version', expected_value: 7 },
  idempotency_key: 'wrp_1:INV-3001',
  lease: { lease_id: 'lse_1', attempt: 1, expires_at: '2026-11-20T12:00:30.000Z' },
};

/** As a claim's `jobs` holds it, as far as this runner reads it. */
export function claimedOf(job: PublicJob, writeBy = '2026-11-20T12:00:10.000Z') {
  return {
    protocol_version: '1.0',
    job_id: job.writeback_job_id,
    lease_id: job.lease.lease_id,
    write_by: writeBy,
    writeback_job: job,
  };
}
