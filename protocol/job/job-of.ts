import type { BoundedSet } from '../change-set/bounded-set.ts';
import type { Compensation } from '../change-set/compensation.ts';
import type { Engine } from '../change-set/engine.ts';
import type { GuardedUpdate } from '../change-set/guarded-update.ts';
import { inverseOf } from '../change-set/inverse-of.ts';
import type { SingleRow } from '../change-set/single-row.ts';
import type { ChangeSet } from '../change-set.ts';
import type { ContractReference, GuardedUpdateJob } from '../writeback-job.ts';
import type { BoundedSetJob } from './bounded-set-job.ts';
import type { ClaimedJob } from './claimed-job.ts';
import type { CompensationJob } from './compensation-job.ts';
import type { SingleRowJob } from './single-row-job.ts';

/** What a job says besides its change. */
export interface Leased {
  readonly tenant: string;
  readonly jobId: string;
  readonly proposalId: string;
  /** Of the proposal that was approved, word for word: the approval binds to it. */
  readonly proposalHash: string;
  /** The source as the control plane knows it; runners know it by the change set's own name. */
  readonly sourceId: string;
  readonly engine: Engine;
  readonly contract: ContractReference | null;
  readonly idempotencyKey: string;
  readonly lease: { readonly lease_id: string; readonly attempt: number; readonly expires_at: string };
  readonly writeBy: string;
  readonly traceparent: string | undefined;
}

/** The job that carries a change out, in the version that its form asks for (PROTOCOL 3.4 to 3.7). */
export function jobOf(changeSet: ChangeSet, leased: Leased): ClaimedJob {
  switch (changeSet.schema_version) {
    case 'synapsor.change-set.v1':
      return guardedUpdateJob(changeSet, leased);
    case 'synapsor.change-set.v2':
      return singleRowJob(changeSet, leased);
    case 'synapsor.change-set.v3':
      return boundedSetJob(changeSet, leased);
    case 'synapsor.compensation-change-set.v1':
      return compensationJob(changeSet, leased);
  }
}

function sharedOf({ source }: Pick<ChangeSet, 'source'>, leased: Leased) {
  const { contract, traceparent, lease } = leased;
  return {
    job_id: leased.jobId,
    proposal_id: leased.proposalId,
    approval_id: leased.proposalHash,
    ...(contract === null ? {} : { contract }),
    source_id: source.source_id,
    engine: leased.engine,
    idempotency_key: leased.idempotencyKey,
    lease,
    lease_id: lease.lease_id,
    lease_expires_at: lease.expires_at,
    attempt_count: lease.attempt,
    write_by: leased.writeBy,
    ...(traceparent === undefined ? {} : { traceparent }),
  };
}

function fencesOf({ source, guards }: Pick<ChangeSet, 'source' | 'guards'>) {
  const { schema, table } = source;
  const { tenant, principal_scope } = guards;
  const scope = principal_scope === undefined ? {} : { principal_scope };
  return { schema, table, tenant_guard: tenant, ...scope };
}

function freshnessOf({ freshness }: Pick<GuardedUpdate, 'freshness'>) {
  return freshness === undefined ? {} : { freshness };
}

/** With the published form beside it, which our runner reads. */
function guardedUpdateJob(changeSet: GuardedUpdate, leased: Leased): GuardedUpdateJob {
  const { source, guards, patch, proposal_version } = changeSet;
  const { schema, table, primary_key } = source;
  const { column, value } = guards.expected_version;
  const scope = guards.principal_scope === undefined ? {} : { principal_scope: guards.principal_scope };
  const change = {
    proposal_id: leased.proposalId,
    engine: leased.engine,
    operation: 'single_row_update' as const,
    allowed_columns: guards.allowed_columns,
    patch,
    idempotency_key: leased.idempotencyKey,
    lease: leased.lease,
  };
  return {
    ...sharedOf(changeSet, leased),
    ...change,
    protocol_version: '1.0',
    target: { ...fencesOf(changeSet), primary_key },
    conflict_guard: { kind: 'version_column', column, expected_value: value },
    ...freshnessOf(changeSet),
    writeback_job: {
      ...change,
      schema_version: 'synapsor.writeback-job.v1',
      writeback_job_id: leased.jobId,
      proposal_version,
      proposal_hash: leased.proposalHash,
      runner_scope: { project_id: leased.tenant, source_id: leased.sourceId },
      target: { schema, table, primary_key },
      tenant_guard: guards.tenant,
      ...scope,
      conflict_guard: { kind: 'column', column, expected_value: value },
    },
  };
}

function singleRowJob(changeSet: SingleRow, leased: Leased): SingleRowJob {
  const capture = inverseOf(changeSet, leased.jobId);
  const shared = {
    ...sharedOf(changeSet, leased),
    protocol_version: '2.0' as const,
    ...freshnessOf(changeSet),
    ...(capture === undefined ? {} : { inverse_capture: capture }),
  };
  switch (changeSet.operation) {
    case 'single_row_update': {
      const { allowed_columns, expected_version, version_advance } = changeSet.guards;
      return {
        ...shared,
        operation: changeSet.operation,
        target: { ...fencesOf(changeSet), primary_key: changeSet.source.primary_key },
        allowed_columns,
        patch: changeSet.patch,
        conflict_guard: guardOf(expected_version),
        ...(version_advance === undefined ? {} : { version_advance }),
      };
    }
    case 'single_row_insert':
      return {
        ...shared,
        operation: changeSet.operation,
        target: { ...fencesOf(changeSet), primary_key: changeSet.source.primary_key },
        allowed_columns: changeSet.guards.allowed_columns,
        patch: changeSet.patch,
        conflict_guard: { kind: 'none' },
        deduplication: changeSet.guards.deduplication,
      };
    case 'single_row_delete':
      return {
        ...shared,
        operation: changeSet.operation,
        target: { ...fencesOf(changeSet), primary_key: changeSet.source.primary_key },
        allowed_columns: [],
        patch: {},
        conflict_guard: guardOf(changeSet.guards.expected_version),
      };
  }
}

function guardOf({ column, value }: GuardedUpdate['guards']['expected_version']) {
  return { kind: 'version_column' as const, column, expected_value: value };
}

function boundedSetJob(changeSet: BoundedSet, leased: Leased): BoundedSetJob {
  const capture = inverseOf(changeSet, leased.jobId);
  const shared = {
    ...sharedOf(changeSet, leased),
    protocol_version: '3.0' as const,
    target: { ...fencesOf(changeSet), primary_key: changeSet.source.primary_key },
    conflict_guard: { kind: 'none' as const },
    frozen_set: changeSet.frozen_set,
    ...freshnessOf(changeSet),
    ...(capture === undefined ? {} : { inverse_capture: capture }),
  };
  switch (changeSet.operation) {
    case 'set_update': {
      const { allowed_columns, version_advance } = changeSet.guards;
      const { operation, patch } = changeSet;
      return { ...shared, operation, allowed_columns, patch, version_advance };
    }
    case 'set_delete':
      return { ...shared, operation: changeSet.operation, allowed_columns: [], patch: {} };
    case 'batch_insert': {
      const { operation, guards } = changeSet;
      return { ...shared, operation, allowed_columns: guards.allowed_columns, patch: {} };
    }
  }
}

function compensationJob(changeSet: Compensation, leased: Leased): CompensationJob {
  const { descriptor, forward_receipt_hash } = changeSet.compensation;
  return {
    ...sharedOf(changeSet, leased),
    protocol_version: '4.0',
    operation: descriptor.operation,
    target: { ...fencesOf(changeSet), primary_key: changeSet.source.primary_key },
    allowed_columns: changeSet.guards.allowed_columns,
    patch: {},
    conflict_guard: { kind: 'none' },
    compensation: descriptor,
    forward_receipt_hash,
  };
}
