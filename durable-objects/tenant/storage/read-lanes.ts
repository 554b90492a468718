import { getTableName } from 'drizzle-orm';
import { handlerOfLane } from '../runs/step-lane.ts';
import { type KeyedName, keyedTables, keyOfRow, type RowOf } from '../turn/keyed-tables.ts';
import type { Rows } from '../turn/rows.ts';
import type { Read } from './read-proposals.ts';
import { decodeRow, selectList } from './rows.ts';

/** Tables whose rows wait in lanes. */
type Laned = 'actions' | 'steps' | 'runs';

/** How many due rows of a lane one sweep takes. */
const MOST_DUE = 100;

/** Adds rows of a keyed table to those that were read. */
export function addKeyed<Name extends KeyedName>(
  rows: Rows,
  name: Name,
  found: readonly RowOf<Name>[],
): void {
  rows.keyed = { ...rows.keyed, [name]: [...rows.keyed[name], ...found] };
}

/** The front of a lane that a rule asks for: of tasks, or of actions. */
export function readLane(tenant: string, lane: string, limit: number): Read {
  const name = handlerOfLane(lane) === undefined ? 'actions' : 'steps';
  return {
    statement: frontOf(tenant, name, lane, limit),
    fill: (rows, found) => {
      const { table } = keyedTables[name];
      addKeyed(
        rows,
        name,
        found.map((raw) => decodeRow(table, raw)),
      );
    },
  };
}

/** What is held back lies in another lane, so this reads what it returns. */
function frontOf(tenant: string, name: Laned, lane: string, limit: number): Read['statement'] {
  const { table, key } = keyedTables[name];
  const sql =
    `SELECT ${selectList(table, 't')} FROM ${getTableName(table)} t ` +
    `WHERE t.tenant = ?1 AND t.lane = ?2 ORDER BY t.rank, t.${key} LIMIT ?3`;
  return { sql, params: [tenant, lane, limit] };
}

/** Rows of a lane whose time has come, by key, and when the first of the others will. */
export function readDueIn<Name extends Laned>(
  tenant: string,
  name: Name,
  lane: string,
  now: number,
  due: (rows: Rows) => string[],
): Read {
  const { table } = keyedTables[name];
  return {
    statement: frontOf(tenant, name, lane, MOST_DUE + 1),
    fill: (rows, found) => {
      const ranked: readonly RowOf<Name>[] = found.map((raw) => decodeRow(table, raw));
      addKeyed(rows, name, ranked);
      const ripe = ranked.slice(0, MOST_DUE).filter(({ rank }) => (rank ?? 0) <= now);
      due(rows).push(...ripe.map((row) => keyOfRow(name, row)));
      const next = ranked[ripe.length];
      if (next !== undefined) rows.deadlines.push(next.rank ?? 0);
    },
  };
}
