import type { ColumnValue } from '../values.ts';
import type { Add } from './add-issue.ts';

/** Of rows that are written together: each is named, once, in the order in which every reader expects them. */
export function checkMembers(
  members: readonly { readonly primary_key: ColumnValue }[],
  column: string,
  add: Add,
): void {
  // A database may take 1 and "1" for the same row.
  const names = members.map(({ primary_key }) => String(primary_key.value));
  members.forEach(({ primary_key }, index) => {
    const { value } = primary_key;
    if (primary_key.column !== column)
      add([index, 'primary_key', 'column'], 'validation_failed', `must be ${column}`);
    if (value === null || value === '')
      add([index, 'primary_key', 'value'], 'validation_failed', 'must name a row');
    if (names.indexOf(String(value)) !== index)
      add([index, 'primary_key', 'value'], 'validation_failed', 'names a row that another member names');
    const previous = members[index - 1];
    if (previous !== undefined && compareKeys(previous.primary_key, primary_key) > 0)
      add([index, 'primary_key', 'value'], 'validation_failed', 'stands before a member with a lesser key');
  });
}

/** PROTOCOL 3.6: by locale comparison of the keys' JSON text. */
function compareKeys(one: ColumnValue, other: ColumnValue): number {
  return JSON.stringify(one.value).localeCompare(JSON.stringify(other.value), 'en');
}
