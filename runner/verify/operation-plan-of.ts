import type { Scalar } from '@countersign/protocol/values';
import type { TablePermission } from '../config/runner-config.ts';
import { keyText, patchText, versionText } from './column-text.ts';
import type { Cell, Dependency, OperationPlan, PlannedRow } from './operation-plan.ts';
import { actionOf, type ClaimedRow, type OperationJob, type Row, rowsOf } from './planned-rows.ts';
import type { WritePlan } from './write-plan.ts';

/** A value that no database could be sent, or that could not name a row. */
class NoText extends Error {
  override readonly name = 'NoText';
}

/** What a verified job asks of the database; undefined where a value of it cannot be sent there. */
export function operationPlanOf(
  name: string,
  table: TablePermission,
  job: OperationJob,
  dependencies: readonly Dependency[],
): OperationPlan | WritePlan | undefined {
  try {
    const plan = planOf(name, table, job, dependencies);
    return isPlainWrite(plan) ? writePlanOf(plan, table) : plan;
  } catch (error) {
    if (error instanceof NoText) return undefined;
    throw error;
  }
}

/** The same operation as a plan of its own, where more than the row itself must be as it was. */
export function withDependencies(
  plan: WritePlan,
  table: TablePermission,
  dependencies: readonly Dependency[],
): OperationPlan {
  const { columns, expectedVersion, primaryKey, values, ...shared } = plan;
  return {
    ...shared,
    operation: 'single_row_update',
    action: 'update',
    rows: [
      {
        key: primaryKey,
        expected: [{ column: table.version.column, text: expectedVersion }],
        set: columns.map((column, place) => ({ column, text: values[place] ?? null })),
        identity: [],
      },
    ],
    dependencies,
    drift: driftOf('single_row_update'),
    receiptTarget: primaryKey,
  };
}

function isPlainWrite({ dependencies, operation }: OperationPlan): boolean {
  return operation === 'single_row_update' && dependencies.length === 0;
}

function writePlanOf(
  { idempotencyKey, jobId, proposalHash, proposalId, rows, table, tenant }: OperationPlan,
  { version }: TablePermission,
): WritePlan {
  const [row] = rows;
  const set = (row?.set ?? []).toSorted((a, b) => (a.column < b.column ? -1 : 1));
  return {
    ...{ table, tenant, idempotencyKey, jobId, proposalId, proposalHash },
    primaryKey: row?.key ?? '',
    expectedVersion: row?.expected.find(({ column }) => column === version.column)?.text ?? '',
    columns: set.map(({ column }) => column),
    values: set.map(({ text }) => text),
  };
}

function planOf(
  name: string,
  table: TablePermission,
  job: OperationJob,
  dependencies: readonly Dependency[],
): OperationPlan {
  const { value } = job.target.tenant_guard;
  const rows = rowsOf(job).map((row) => plannedRow(table, job, row));
  return {
    table: name,
    tenant: 'column' in table.tenant ? named(value) : undefined,
    idempotencyKey: job.idempotency_key,
    jobId: job.job_id,
    proposalId: job.proposal_id,
    proposalHash: job.approval_id,
    operation: job.operation,
    action: actionOf(job),
    // The order in which every job locks rows, so that no two wait for one another.
    rows: rows.toSorted((a, b) => ((a.key ?? '') < (b.key ?? '') ? -1 : 1)),
    dependencies,
    drift: driftOf(job.operation),
    receiptTarget: receiptTargetOf(job, rows),
  };
}

function plannedRow(table: TablePermission, job: OperationJob, row: ClaimedRow): PlannedRow {
  const { column } = job.target.tenant_guard;
  // Of a table without tenants, what the job calls its tenant is a label and no column.
  const isLabel = (name: string) => !('column' in table.tenant) && name === column;
  const cells = (of: Row): Cell[] =>
    Object.entries(of)
      .filter(([name]) => !isLabel(name))
      .map(([name, value]) => ({ column: name, text: textOf(table, name, value) }));
  const expected = { ...row.expected, ...(row.version && { [row.version.column]: row.version.value }) };
  const keys = cells(row.keys);
  // By its own key where it has one: whatever else is unique then makes the insert fail.
  const isNamed = keys.some((cell) => cell.column === table.primary_key);
  return {
    key: row.key === undefined ? undefined : named(row.key),
    expected: cells(expected),
    set: [...keys, ...cells(row.set)],
    identity: isNamed ? keys.filter((cell) => isName(table, cell.column)) : keys,
  };
}

function textOf(table: TablePermission, column: string, value: Scalar): string | null {
  if (column === table.version.column) return orNoText(versionText(table.version.advance, value));
  return isName(table, column) ? named(value) : orNoText(patchText(value));
}

/** Whether a row is named by the column. */
function isName({ primary_key, tenant }: TablePermission, column: string): boolean {
  return column === primary_key || ('column' in tenant && column === tenant.column);
}

function named(value: Scalar): string {
  return orNoText(keyText(value));
}

function orNoText<Text extends string | null>(text: Text | undefined): Text {
  if (text === undefined) throw new NoText('the value has no text');
  return text;
}

function driftOf(operation: OperationPlan['operation']): OperationPlan['drift'] {
  switch (operation) {
    case 'single_row_update':
    case 'single_row_delete':
      return { changed: 'VERSION_CONFLICT', missing: 'ROW_NOT_FOUND' };
    case 'single_row_insert':
    case 'batch_insert':
      return { changed: 'INSERT_DEDUP_CONFLICT', missing: 'INSERT_DEDUP_CONFLICT' };
    case 'set_update':
    case 'set_delete':
      return { changed: 'SET_DRIFT_CONFLICT', missing: 'SET_DRIFT_CONFLICT' };
    case 'restore_update':
    case 'remove_insert':
    case 'restore_insert':
      return { changed: 'ROW_CHANGED_AFTER_PROPOSAL', missing: 'ROW_CHANGED_AFTER_PROPOSAL' };
  }
}

/** The key of the one row; of several what names them all. */
function receiptTargetOf(job: OperationJob, rows: readonly PlannedRow[]): string | undefined {
  if (job.protocol_version === '3.0') return job.frozen_set.set_digest;
  const [row, ...others] = rows;
  if (job.protocol_version === '4.0' && others.length > 0) return job.forward_receipt_hash;
  return row?.key;
}
