import { engineOf } from '@countersign/protocol/change-set';
import { jobIdOf } from '@countersign/protocol/ids';
import type { ClaimedJob } from '@countersign/protocol/job/claimed-job';
import type { ProposalRow } from '../schema.ts';
import type { Submission } from '../turn/body.ts';

/**
 * How long a lease carries the authority to begin a write (DESIGN 8). An emergency stop that refuses renewals
 * therefore holds within this time even for a runner that nothing reaches.
 */
export const AUTHORITY_MS = 10_000;

/** The moment by which a write under a lease given or renewed now must begin: never after the lease itself. */
export function writeBy(now: number, leaseExpiresAt: number): string {
  return new Date(Math.min(now + AUTHORITY_MS, leaseExpiresAt)).toISOString();
}

/** Stable for a proposal, never per attempt: it is the key of the receipt (PROTOCOL 3.4). */
export function idempotencyKeyOf({ proposal_id, change_set }: Submission): string {
  return `${proposal_id}:${change_set.scope.object_id}`;
}

/** A leased job in both public forms (PROTOCOL 3.4, 3.5). */
export function claimedJob(
  tenant: string,
  row: ProposalRow,
  submission: Submission,
  now: number,
): ClaimedJob {
  const { change_set, contract, traceparent } = submission;
  const { source, guards, patch, freshness } = change_set;
  const engine = engineOf(source.kind);
  if (engine === undefined || row.lease_id === null || row.lease_expires_at === null) {
    throw new TypeError(`${row.proposal_id} is no leased job`);
  }
  const job_id = jobIdOf(row.proposal_id);
  const expires_at = new Date(row.lease_expires_at).toISOString();
  const lease = { lease_id: row.lease_id, attempt: row.attempt, expires_at };
  const { schema, table, primary_key } = source;
  const scope = guards.principal_scope === undefined ? {} : { principal_scope: guards.principal_scope };
  const { column, value } = guards.expected_version;
  const shared = {
    proposal_id: row.proposal_id,
    engine,
    operation: 'single_row_update' as const,
    allowed_columns: guards.allowed_columns,
    patch,
    idempotency_key: idempotencyKeyOf(submission),
    lease,
  };
  return {
    ...shared,
    protocol_version: '1.0',
    job_id,
    approval_id: row.proposal_hash,
    ...(contract === null ? {} : { contract }),
    source_id: source.source_id,
    target: { schema, table, primary_key, tenant_guard: guards.tenant, ...scope },
    conflict_guard: { kind: 'version_column', column, expected_value: value },
    ...(freshness === undefined ? {} : { freshness }),
    lease_id: lease.lease_id,
    lease_expires_at: expires_at,
    attempt_count: row.attempt,
    write_by: writeBy(now, row.lease_expires_at),
    ...(traceparent === undefined ? {} : { traceparent }),
    writeback_job: {
      ...shared,
      schema_version: 'synapsor.writeback-job.v1',
      writeback_job_id: job_id,
      proposal_version: change_set.proposal_version,
      proposal_hash: row.proposal_hash,
      runner_scope: { project_id: tenant, source_id: row.source_id },
      target: { schema, table, primary_key },
      tenant_guard: guards.tenant,
      ...scope,
      conflict_guard: { kind: 'column', column, expected_value: value },
    },
  };
}
