import type { RawRow, Statement } from '../storage/database.ts';

/** Lanes whose order is a time at which the clock does something, by table. */
const timed = [
  ['proposals', 'review'],
  ['proposals', 'lease'],
  ['proposals', 'later'],
  ['actions', 'review'],
  ['actions', 'tied'],
  ['actions', 'lease'],
  ['actions', 'later'],
  ['steps', 'lease'],
  ['steps', 'later'],
  ['runs', 'open'],
] as const;

/** When the clock has something to do next, in each of the lanes that it looks after: a column for each. */
export function deadlineRead(tenant: string): Statement {
  const columns = timed.map(
    ([table, lane]) =>
      `(SELECT min(t.rank) FROM ${table} t WHERE t.tenant = ?1 AND t.lane = '${lane}') AS "${table}/${lane}"`,
  );
  return { sql: `SELECT ${columns.join(', ')}`, params: [tenant] };
}

/** The earliest of them; undefined where the clock has nothing to do. */
export function nextDeadline([row = {}]: readonly RawRow[]):
  | { readonly what: string; readonly at: number }
  | undefined {
  const found = Object.entries(row).flatMap(([what, at]) => (typeof at === 'number' ? [{ what, at }] : []));
  return found.toSorted((a, b) => a.at - b.at)[0];
}
