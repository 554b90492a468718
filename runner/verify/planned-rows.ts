import { restoredBy } from '@countersign/protocol/change-set/check-descriptor';
import { deduplicationRow } from '@countersign/protocol/change-set/deduplication';
import type { BoundedSetJob } from '@countersign/protocol/job/bounded-set-job';
import type { CompensationJob } from '@countersign/protocol/job/compensation-job';
import type { SingleRowJob } from '@countersign/protocol/job/single-row-job';
import type { ColumnValue, Scalar } from '@countersign/protocol/values';

export type OperationJob = SingleRowJob | BoundedSetJob | CompensationJob;

/** Columns and what stands in them, or is to. */
export type Row = Readonly<Record<string, Scalar>>;

/** One row of a job, whatever its version, before any of it has been held against the configuration. */
export interface ClaimedRow {
  /** Undefined where the database makes the key of an added row. */
  readonly key: Scalar | undefined;
  readonly expected: Row;
  /** What is set, but for the columns of `keys`. */
  readonly set: Row;
  /** Of a row that is to be added: what tells it from every other one; its tenant is among it. */
  readonly keys: Row;
  /** The version that the row is expected to have, where the job says it apart. */
  readonly version: ColumnValue | undefined;
}

/** What is done to each row of a job. */
export function actionOf({ operation }: Pick<OperationJob, 'operation'>): 'update' | 'insert' | 'delete' {
  switch (operation) {
    case 'single_row_update':
    case 'set_update':
    case 'restore_update':
      return 'update';
    case 'single_row_insert':
    case 'batch_insert':
    case 'restore_insert':
      return 'insert';
    case 'single_row_delete':
    case 'set_delete':
    case 'remove_insert':
      return 'delete';
  }
}

/** The rows of a job, in its own order. */
export function rowsOf(job: OperationJob): readonly ClaimedRow[] {
  switch (job.protocol_version) {
    case '2.0':
      return [singleRow(job)];
    case '3.0':
      return job.frozen_set.members.map((member) => memberRow(job, member));
    case '4.0':
      return job.compensation.members.map((member) => restoredRow(job, member));
  }
}

const nothing: Row = {};

function singleRow(job: SingleRowJob): ClaimedRow {
  const key = job.target.primary_key.value;
  if (job.operation === 'single_row_insert') {
    const keys = deduplicationRow(job.deduplication);
    return { key, expected: nothing, set: job.patch, keys, version: undefined };
  }
  const { column, expected_value: value } = job.conflict_guard;
  return { key, expected: nothing, set: job.patch, keys: nothing, version: { column, value } };
}

function memberRow(
  { operation, patch }: BoundedSetJob,
  member: BoundedSetJob['frozen_set']['members'][number],
): ClaimedRow {
  const { after, before, deduplication, expected_version: version } = member;
  const key = member.primary_key.value;
  if (operation !== 'batch_insert') return { key, expected: before, set: patch, keys: nothing, version };
  const keys = deduplication === undefined ? nothing : deduplicationRow(deduplication);
  return { key, expected: nothing, set: without(after, keys), keys, version };
}

function restoredRow(
  { operation, target }: CompensationJob,
  member: CompensationJob['compensation']['members'][number],
): ClaimedRow {
  const key = member.primary_key.value;
  const restored = restoredBy(member) ?? nothing;
  if (operation !== 'restore_insert')
    return { key, expected: member.expected_state, set: restored, keys: nothing, version: undefined };
  const { column, value } = target.tenant_guard;
  const keys = { [member.primary_key.column]: key, [column]: value };
  return { key, expected: nothing, set: without(restored, keys), keys, version: undefined };
}

function without(row: Row, others: Row): Row {
  return Object.fromEntries(Object.entries(row).filter(([column]) => !Object.hasOwn(others, column)));
}
