import type { ChangeSet } from '../change-set.ts';
import type { Scalar } from '../values.ts';
import type { Row } from './check-columns.ts';
import { restoredBy } from './check-descriptor.ts';
import type { Compensation } from './compensation.ts';

/** One row that a change writes, as it is and as it will be: empty where there is no row. */
export interface WrittenRow {
  readonly column: string;
  /** Undefined: the database makes the key. */
  readonly key: Scalar | undefined;
  readonly before: Row;
  readonly after: Row;
  /** What is set; empty where the row is removed. */
  readonly patch: Row;
}

/** Every row that a change writes, whatever its form: what it shows of itself is checked against nothing else. */
export function writtenRows(changeSet: ChangeSet): readonly WrittenRow[] {
  if ('compensation' in changeSet) return restoredRows(changeSet);
  if ('frozen_set' in changeSet) {
    const { frozen_set, patch, operation } = changeSet;
    return frozen_set.members.map(({ primary_key, before, after }) => ({
      column: primary_key.column,
      key: primary_key.value,
      before,
      after,
      patch: operation === 'batch_insert' ? after : patch,
    }));
  }
  const { source, before, after, patch } = changeSet;
  return [{ column: source.primary_key.column, key: source.primary_key.value, before, after, patch }];
}

function restoredRows({ compensation }: Compensation): readonly WrittenRow[] {
  const { descriptor } = compensation;
  return descriptor.members.map((member) => {
    const { primary_key, expected_state } = member;
    const patch = restoredBy(member) ?? {};
    const row = { column: primary_key.column, key: primary_key.value, before: expected_state, patch };
    if (descriptor.operation !== 'restore_update') return { ...row, after: patch };
    const { column } = descriptor.version_advance;
    const next = Number(row.before[column]) + 1;
    return { ...row, after: { ...row.before, ...patch, [column]: next } };
  });
}
