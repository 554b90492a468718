import type { ChangeSet } from '../change-set.ts';
import type { Row } from './check-columns.ts';
import { restoredBy } from './check-descriptor.ts';
import type { Compensation } from './compensation.ts';
import { writtenRows } from './written-rows.ts';

/**
 * Why a compensation does not take back this applied change, row by row: each row must be expected as the change left it,
 * and set to what it was. Undefined means that it does.
 */
export function revertFault(
  { compensation, source, guards, scope }: Compensation,
  forward: ChangeSet,
): string | undefined {
  const { descriptor } = compensation;
  if (
    source.source_id !== forward.source.source_id ||
    source.schema !== forward.source.schema ||
    source.table !== forward.source.table
  )
    return 'it is about another table';
  if (guards.tenant.value !== forward.guards.tenant.value || scope.tenant_id !== forward.scope.tenant_id)
    return 'it is about another tenant';
  if (scope.object_id !== forward.scope.object_id) return 'it goes by another name';
  const rows = new Map(writtenRows(forward).map((row) => [JSON.stringify(row.key ?? null), row]));
  if (rows.size !== descriptor.members.length) return 'it is about other rows';
  const moved = descriptor.operation === 'restore_update' ? descriptor.version_advance.column : undefined;
  for (const member of descriptor.members) {
    const row = rows.get(JSON.stringify(member.primary_key.value));
    if (row === undefined) return 'it is about other rows';
    const expected = Object.entries(member.expected_state).filter(([column]) => column !== moved);
    if (!isWithin(expected, row.after)) return 'it expects a row that the change did not leave so';
    if (!isWithin(Object.entries(restoredBy(member) ?? {}), row.before))
      return 'it sets a row to what it was not before';
  }
  return kindFault(descriptor.operation, forward);
}

function isWithin(state: readonly (readonly [string, unknown])[], row: Row): boolean {
  return state.every(([column, value]) => Object.hasOwn(row, column) && row[column] === value);
}

/** An update is taken back by an update, what was made by removing it, and what was removed so by making it again. */
function kindFault(
  operation: Compensation['compensation']['descriptor']['operation'],
  forward: ChangeSet,
): string | undefined {
  const rows = writtenRows(forward);
  const isMade = rows.every(({ before }) => Object.keys(before).length === 0);
  const isGone = rows.every(({ after }) => Object.keys(after).length === 0);
  const due = isMade ? 'remove_insert' : isGone ? 'restore_insert' : 'restore_update';
  return operation === due ? undefined : `it must be a ${due}`;
}
