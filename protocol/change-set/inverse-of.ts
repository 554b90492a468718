import type { ColumnValue } from '../values.ts';
import type { BoundedSet } from './bounded-set.ts';
import type { Row } from './check-columns.ts';
import type { InverseCapture } from './inverse-descriptor.ts';
import type { SingleRow } from './single-row.ts';

interface Written {
  readonly primary_key: ColumnValue;
  readonly before: Row;
  readonly after: Row;
}

/**
 * What would take a change back: the runner that writes the change keeps it where the change asks for that (PROTOCOL
 * 3.13). Undefined where it does not, or where a row could not be found again.
 */
export function inverseOf(changeSet: SingleRow | BoundedSet, jobId: string): InverseCapture | undefined {
  const { reversibility, source, guards, proposal_id } = changeSet;
  const rows = rowsOf(changeSet);
  if (reversibility === undefined || rows === undefined) return undefined;
  const { source_id, schema, table, primary_key } = source;
  const isSet = 'frozen_set' in changeSet;
  const shared = {
    schema_version: 'synapsor.inverse-descriptor.v1' as const,
    cardinality: isSet ? ('set' as const) : ('single' as const),
    forward_proposal_id: proposal_id,
    forward_writeback_job_id: jobId,
    target: { source_id, schema, table, primary_key_column: primary_key.column },
    tenant_guard: guards.tenant,
    ...(guards.principal_scope === undefined ? {} : { principal_scope: guards.principal_scope }),
    allowed_columns: guards.allowed_columns,
    max_rows: isSet ? changeSet.frozen_set.max_rows : 1,
    aggregate_bounds: isSet ? changeSet.frozen_set.aggregate_bounds : [],
    lineage: reversibility.lineage,
  };
  const available = { ...shared, availability: 'available' as const, reason_codes: [] };
  switch (changeSet.operation) {
    case 'single_row_delete':
    case 'set_delete':
      return {
        ...shared,
        availability: 'best_effort_unavailable',
        reason_codes: ['HARD_DELETE_HIDDEN_STATE_NOT_RESTORABLE', 'HARD_DELETE_SIDE_EFFECTS_NOT_REVERSIBLE'],
        operation: 'restore_insert',
        members: rows.map((row) => ({ primary_key: row.primary_key, expected_state: {} })),
      };
    case 'single_row_insert':
    case 'batch_insert': {
      const columns = [primary_key.column, guards.tenant.column, ...guards.allowed_columns];
      const members = rows.map((row) => ({
        primary_key: row.primary_key,
        expected_state: only(row.after, columns),
      }));
      return { ...available, operation: 'remove_insert', members };
    }
    case 'single_row_update':
    case 'set_update': {
      const { version_advance, allowed_columns } = changeSet.guards;
      if (version_advance?.strategy !== 'integer_increment') return undefined;
      const members = rows.map((row) => ({
        primary_key: row.primary_key,
        expected_state: only(row.after, [...allowed_columns, version_advance.column]),
        restore_values: only(row.before, allowed_columns),
      }));
      const moved = { column: version_advance.column, strategy: 'integer_increment' as const };
      return { ...available, operation: 'restore_update', members, version_advance: moved };
    }
  }
}

function rowsOf(changeSet: SingleRow | BoundedSet): readonly Written[] | undefined {
  if ('frozen_set' in changeSet) return changeSet.frozen_set.members;
  const { source, before, after } = changeSet;
  const { column, value } = source.primary_key;
  return value === undefined ? undefined : [{ primary_key: { column, value }, before, after }];
}

function only(row: Row, columns: readonly string[]): Row {
  return Object.fromEntries(Object.entries(row).filter(([column]) => columns.includes(column)));
}
