import { ledger } from '../schema.ts';
import type { Statement } from '../storage/database.ts';
import { columnNames } from '../storage/rows.ts';

/** Bodies may be large: a page ends at so many entries or characters, whichever comes first. */
export interface PageBounds {
  readonly entries: number;
  readonly characters: number;
}

const COLUMNS = columnNames(ledger).join(', ');

/** `SELECT` of the entries that `chosen` finds, in order, until a page is full; never none where there are some. */
export function boundedPage(chosen: string, characters: string): string {
  return (
    `SELECT ${COLUMNS} FROM (SELECT ${COLUMNS}, sum(length(body)) OVER (ORDER BY seq) - length(body) AS filled ` +
    `FROM (${chosen})) WHERE filled < ${characters} ORDER BY seq`
  );
}

/** The entries after one sequence, up to another. */
export function ledgerPage(
  tenant: string,
  {
    after,
    through,
    bounds,
  }: { readonly after: number; readonly through: number; readonly bounds: PageBounds },
): Statement {
  const chosen = `SELECT ${COLUMNS} FROM ledger WHERE tenant = ?1 AND seq > ?2 AND seq <= ?3 ORDER BY seq LIMIT ?4`;
  return {
    sql: boundedPage(chosen, '?5'),
    params: [tenant, after, through, bounds.entries, bounds.characters],
  };
}
