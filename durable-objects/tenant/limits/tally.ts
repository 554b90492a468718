import { endedBecause } from '../access/credential-state.ts';
import type { Statement } from '../storage/database.ts';
import type { KeyedName, RowOf } from '../turn/keyed-tables.ts';
import type { Change } from '../turn/rows.ts';

/** What no counter of the head holds, since it is asked for seldom: counted in the table when it is. */
export const tallied = ['credentials', 'contract_versions', 'runners'] as const;
export type TallyName = (typeof tallied)[number];

const tables = {
  credentials: 'credentials',
  contract_versions: 'versions',
  runners: 'runners',
} as const satisfies Record<TallyName, KeyedName>;

const conditions: Readonly<Record<TallyName, string>> = {
  credentials: "counted.status <> 'revoked' AND (counted.expires_at IS NULL OR counted.expires_at > ?2)",
  contract_versions: '?2 = ?2',
  runners: "counted.status <> 'archived' AND ?2 = ?2",
};

/** How many there are that have not ended, as `tally`. It reads them all. */
export function tallyStatement(tenant: string, name: TallyName, now: number): Statement {
  const sql = `SELECT COUNT(*) AS tally FROM ${name} counted WHERE counted.tenant = ?1 AND ${conditions[name]}`;
  return { sql, params: [tenant, now] };
}

export type ChangedRows = <Name extends KeyedName>(name: Name) => readonly Change<RowOf<Name>>[];

/** By how much the rows that this turn has changed move the tally. */
export function tallyMoved(name: TallyName, changed: ChangedRows, now: number): number {
  switch (name) {
    case 'credentials':
      return moved(changed(tables.credentials), (row) => endedBecause(row, now) === undefined);
    case 'contract_versions':
      return moved(changed(tables.contract_versions), () => true);
    case 'runners':
      return moved(changed(tables.runners), ({ status }) => status !== 'archived');
  }
}

function moved<Row>(changes: readonly Change<Row>[], counts: (row: Row) => boolean): number {
  return changes.reduce((sum, { after, before }) => {
    const was = before !== undefined && counts(before);
    return sum + Number(counts(after)) - Number(was);
  }, 0);
}
