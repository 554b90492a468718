import { getTableName } from 'drizzle-orm';
import { firstKeptDay } from '../storage/read-due.ts';
import { decodeRow, selectList } from '../storage/rows.ts';
import { type KeyedName, keyedNames, keyedTables, keyOfRow, type RowOf } from '../turn/keyed-tables.ts';
import { compareRows, type Difference, type Differences } from './difference.ts';
import type { FoldedTables } from './folded-tables.ts';
import type { ReaderAtHead } from './read-at-head.ts';

const ROWS_AT_ONCE = 500;

/** Columns that change without an entry. */
function unfolded(name: KeyedName, row: RowOf<KeyedName>): readonly string[] {
  switch (name) {
    case 'runners':
      // Who registered one is not known of the time before it was written down.
      return 'registered_by' in row && row.registered_by === null
        ? ['last_seen_at', 'started_at', 'registered_by']
        : ['last_seen_at', 'started_at'];
    case 'credentials':
      return ['last_used_at'];
    case 'actions':
      return [
        ...('claim_id' in row && row.claim_id !== null ? ['claim_expires_at', 'rank'] : []),
        // Rows that are older than the column were never told their contract.
        ...('contract_id' in row && row.contract_id === null ? ['contract_id'] : []),
      ];
    case 'steps':
      return 'claim_id' in row && row.claim_id !== null ? ['claim_expires_at', 'rank'] : [];
    default:
      return [];
  }
}

/**
 * Compares every keyed table with what the ledger makes of it; how many rows each should have. Counters of days that
 * are long over are forgotten, and are not missed.
 */
export async function compareTables(
  reader: ReaderAtHead,
  { tenant, now }: { readonly tenant: string; readonly now: number },
  folded: FoldedTables,
  differences: Differences,
): Promise<Record<string, number>> {
  const compared: Record<string, number> = {};
  for (const name of keyedNames) {
    const lost = await compareTable(reader, tenant, name, folded, differences);
    differences.add(
      lost
        .filter((key) => name !== 'counters' || key >= firstKeptDay(now))
        .flatMap((key) => missingRow(name, key, folded)),
    );
    compared[getTableName(keyedTables[name].table)] = folded.keys(name).length;
  }
  return compared;
}

/** Returns the keys that have no row. */
async function compareTable(
  reader: ReaderAtHead,
  tenant: string,
  name: KeyedName,
  folded: FoldedTables,
  differences: Differences,
): Promise<string[]> {
  const { table, key: column } = keyedTables[name];
  const tableName = getTableName(table);
  const missing = new Set(folded.keys(name));
  let after = '';
  for (let isMore = true; isMore; ) {
    const sql =
      `SELECT ${selectList(table, 't')} FROM ${tableName} t ` +
      `WHERE t.tenant = ?1 AND t.${column} > ?2 ORDER BY t.${column} LIMIT ?3`;
    const [rows = []] = await reader.read({ sql, params: [tenant, after, ROWS_AT_ONCE] });
    for (const raw of rows) {
      const standing = decodeRow(table, raw);
      const key = keyOfRow(name, standing);
      missing.delete(key);
      const pair = { standing, folded: folded.row(name, key) };
      differences.add(compareRows(tableName, key, pair, unfolded(name, standing)));
      after = key;
    }
    isMore = rows.length === ROWS_AT_ONCE;
  }
  return [...missing];
}

function missingRow(name: KeyedName, key: string, folded: FoldedTables): Difference[] {
  const pair = { standing: undefined, folded: folded.row(name, key) };
  return compareRows(getTableName(keyedTables[name].table), key, pair);
}
