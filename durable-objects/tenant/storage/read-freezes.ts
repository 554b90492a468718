import { actions } from '../actions-schema.ts';
import { deadlinesOfFreezes, freezeSetting, frozenLane } from '../freezes/freeze.ts';
import { settings } from '../governance-schema.ts';
import { proposals } from '../schema.ts';
import type { Rows } from '../turn/rows.ts';
import type { RawRow } from './database.ts';
import { addKeyed } from './read-lanes.ts';
import type { Read } from './read-proposals.ts';
import { decodeRow, selectList } from './rows.ts';

/** Rows that one sweep looks at, or moves: each that is moved costs an entry. */
export const MOST_AT_ONCE = 256;

/**
 * What a sweep needs for freezes, as the setting says at that very moment: the next piece of the queues behind the mark
 * of the freeze that goes through them, and the first of what the one that is lifted had moved.
 */
export function freezeReads(tenant: string): Read[] {
  return [
    readFreezes(tenant),
    readScanned(tenant, 'proposals', 'seq', scannedProposals),
    readScanned(tenant, 'actions', 'action_id', scannedActions),
    readThawing(tenant, 'proposals', 'seq', (rows, found) => {
      const thawing = found.map((raw) => decodeRow(proposals, raw));
      rows.proposals.push(...thawing);
      rows.freezeWork.thawing.proposals.push(...thawing.map(({ seq }) => seq));
    }),
    readThawing(tenant, 'actions', 'action_id', (rows, found) => {
      const thawing = found.map((raw) => decodeRow(actions, raw));
      addKeyed(rows, 'actions', thawing);
      rows.freezeWork.thawing.actions.push(...thawing.map(({ action_id }) => action_id));
    }),
  ];
}

function readFreezes(tenant: string): Read {
  return {
    statement: {
      sql: `SELECT ${selectList(settings, 's')} FROM settings s WHERE s.tenant = ?1 AND s.name = 'freezes'`,
      params: [tenant],
    },
    fill: (rows, [raw]) => {
      if (raw === undefined) return;
      const { freezes } = freezeSetting(decodeRow(settings, raw));
      rows.freezeWork.freezes.push(...freezes);
      rows.deadlines.push(...deadlinesOfFreezes(freezes));
    },
  };
}

const tables = { proposals, actions } as const;
/** The freezes of the tenant, each as one value. */
const FREEZES =
  "settings s CROSS JOIN json_each(s.value, '$.freezes') f WHERE s.tenant = ?1 AND s.name = 'freezes' AND ";
const BEHIND_QUEUES = "'queue0'";

/** `queue0` is what comes after every `queue/...`. */
function readScanned(
  tenant: string,
  table: 'proposals' | 'actions',
  key: 'seq' | 'action_id',
  fill: Read['fill'],
): Read {
  const mark = (field: string) => `f.value ->> '$.scan.${field}'`;
  const sql =
    `WITH z (lane, rank, key) AS (SELECT ${mark('lane')}, ${mark('rank')}, ${mark('key')} FROM ${FREEZES}` +
    `${mark('table')} = '${table}' LIMIT 1) ` +
    `SELECT ${selectList(tables[table], 't')} FROM z CROSS JOIN ${table} t INDEXED BY ${table}_by_lane ` +
    `WHERE t.tenant = ?1 AND t.lane < ${BEHIND_QUEUES} AND (t.lane, t.rank, t.${key}) > (z.lane, z.rank, z.key) ` +
    `ORDER BY t.lane, t.rank, t.${key} LIMIT ?2`;
  return { statement: { sql, params: [tenant, MOST_AT_ONCE] }, fill };
}

function scannedProposals(rows: Rows, found: readonly RawRow[]): void {
  for (const raw of found) {
    const row = decodeRow(proposals, raw);
    rows.proposals.push(row);
    const { lane, rank, seq } = row;
    rows.freezeWork.scanned.push({ table: 'proposals', lane: lane ?? '', rank: rank ?? 0, key: seq });
  }
}

function scannedActions(rows: Rows, found: readonly RawRow[]): void {
  const scanned = found.map((raw) => decodeRow(actions, raw));
  addKeyed(rows, 'actions', scanned);
  for (const { action_id: key, lane, rank } of scanned)
    rows.freezeWork.scanned.push({ table: 'actions', lane: lane ?? '', rank: rank ?? 0, key });
}

function readThawing(
  tenant: string,
  table: 'proposals' | 'actions',
  key: 'seq' | 'action_id',
  fill: Read['fill'],
): Read {
  const sql =
    `SELECT ${selectList(tables[table], 't')} FROM (SELECT '${frozenLane('')}' || (f.value ->> '$.freeze_id') AS lane ` +
    `FROM ${FREEZES}f.value ->> '$.state' = 'lifting' LIMIT 1) z CROSS JOIN ${table} t INDEXED BY ${table}_by_lane ` +
    `WHERE t.tenant = ?1 AND t.lane = z.lane ORDER BY t.rank, t.${key} LIMIT ?2`;
  return { statement: { sql, params: [tenant, MOST_AT_ONCE] }, fill };
}
