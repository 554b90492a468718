import type { SnapshotRow } from '@countersign/protocol/backup/snapshot-lines';
import type { RowMark } from '@countersign/protocol/backup/tenant-record';
import { canonicalJson } from '@countersign/protocol/canonical-json';
import type { RawRow, Statement } from '../storage/database.ts';

/** What of a table stands in no entry, and yet must not be lost: its columns, and the columns of its key. */
interface Unfolded {
  readonly table: string;
  readonly key: string;
  readonly columns: readonly string[];
  /** Whole rows; else columns of rows that entries begin. */
  readonly isWhole: boolean;
}

/**
 * What a copy of a record holds besides its ledger. First answers to idempotency keys: without them a request that is
 * sent again would be done again. The rest is what people see of when something was last used.
 */
const unfolded: readonly Unfolded[] = [
  { table: 'idempotency', key: 'key', columns: ['request', 'status', 'answer'], isWhole: true },
  { table: 'proposals', key: 'seq', columns: ['remembered'], isWhole: false },
  { table: 'credentials', key: 'credential_id', columns: ['last_used_at'], isWhole: false },
  { table: 'runners', key: 'runner_id', columns: ['last_seen_at', 'started_at'], isWhole: false },
];

const ROWS_AT_ONCE = 1_000;

/** The rows after a mark. */
export function unfoldedPage(tenant: string, { after, table }: RowMark): Statement {
  const { columns, isWhole, key } = unfoldedOf(table);
  // An empty list of remembered answers is how a row begins.
  const worth = isWhole ? '' : ` AND (${columns.map((column) => `t.${column} <> '[]'`).join(' OR ')})`;
  const sql =
    `SELECT t.${key} AS place, ${columns.map((column) => `t.${column}`).join(', ')} FROM ${table} t ` +
    `WHERE t.tenant = ?1 AND t.${key} > ?2${worth} ORDER BY t.${key} LIMIT ${ROWS_AT_ONCE}`;
  return { sql, params: [tenant, after] };
}

/** Those rows as they travel, and where the next page begins; null: that was the last. */
export function unfoldedFrom(
  table: string,
  rows: readonly RawRow[],
): { readonly rows: readonly SnapshotRow[]; readonly next: RowMark | null } {
  const { columns } = unfoldedOf(table);
  const found = rows.map((raw) => ({
    table,
    key: storable(raw.place) ?? '',
    values: columns.map((column) => storable(raw[column])),
  }));
  const last = found.at(-1);
  if (last !== undefined && rows.length === ROWS_AT_ONCE)
    return { rows: found, next: { table, after: last.key } };
  const following = unfolded[unfolded.findIndex((one) => one.table === table) + 1];
  const next =
    following === undefined ? null : { table: following.table, after: following.key === 'seq' ? 0 : '' };
  return { rows: found, next };
}

/** Puts such rows back, behind the fold that made the rows which they belong to. Repeated, it does the same. */
export function putBack(tenant: string, rows: readonly SnapshotRow[]): Statement[] {
  return unfolded.flatMap(({ columns, isWhole, key, table }) => {
    const of = rows.filter((row) => row.table === table);
    if (of.length === 0) return [];
    const given = canonicalJson(of.map((row) => [row.key, ...row.values]));
    const picks = columns.map((_, place) => `value ->> ${place + 1}`);
    const sql = isWhole
      ? `INSERT OR REPLACE INTO ${table} (tenant, ${[key, ...columns].join(', ')}) ` +
        `SELECT ?1, value ->> 0, ${picks.join(', ')} FROM json_each(?2)`
      : `WITH v AS MATERIALIZED (SELECT value ->> 0 AS k, ${picks.map((pick, place) => `${pick} AS c${place}`).join(', ')} ` +
        `FROM json_each(?2)) UPDATE ${table} SET ${columns.map((column, place) => `${column} = v.c${place}`).join(', ')} ` +
        `FROM v WHERE ${table}.tenant = ?1 AND ${table}.${key} = v.k`;
    return [{ sql, params: [tenant, given] }];
  });
}

/** Throws for a table of which nothing is outside the ledger: nobody names one from outside. */
function unfoldedOf(table: string): Unfolded {
  const found = unfolded.find((one) => one.table === table);
  if (found === undefined) throw new TypeError(`nothing of the table ${table} is kept apart`);
  return found;
}

function storable(value: unknown): string | number | null {
  return typeof value === 'string' || typeof value === 'number' ? value : null;
}
