import { canonicalJson } from '@countersign/protocol/canonical-json';
import { sequenceOfId } from '@countersign/protocol/ids';
import { getTableName } from 'drizzle-orm';
import type { SQLiteTable } from 'drizzle-orm/sqlite-core';
import { storedKeys } from '../idempotency/stored-key.ts';
import { type TallyName, tallyStatement } from '../limits/tally.ts';
import { activity, heads, idempotency, ledger, members } from '../schema.ts';
import { type KeyedName, keyedNames, keyedTables } from '../turn/keyed-tables.ts';
import type { Needs } from '../turn/needs.ts';
import { noRows, type Rows } from '../turn/rows.ts';
import type { Database, Statement } from './database.ts';
import { dueActionReads } from './read-actions.ts';
import { dueReads } from './read-due.ts';
import { freezeReads } from './read-freezes.ts';
import { addKeyed, readLane } from './read-lanes.ts';
import { type Read, readProposals, readQueue, readSubmissions } from './read-proposals.ts';
import { dueRunReads } from './read-runs.ts';
import { decodeRow, selectList } from './rows.ts';

/** Each is read with its change set, which may be large. */
const MOST_AHEAD = 48;

/** How many queued jobs are read where so many were asked for: the claims that come next then need no read. */
export function readAhead(limit: number): number {
  return limit + Math.min(3 * limit + 4, MOST_AHEAD);
}

/** Fetches everything that the commands of a turn need, and the head with it, in one batch. Writes nothing. */
export async function readRows(database: Database, tenant: string, needs: Needs, now: number): Promise<Rows> {
  const reads = readsFor(tenant, needs, now);
  const results = await database.batch(reads.map((read) => read.statement));
  const rows = noRows();
  for (const [place, read] of reads.entries()) read.fill(rows, results[place]?.rows ?? []);
  return rows;
}

function readsFor(tenant: string, needs: Needs, now: number): Read[] {
  const reads: Read[] = [readHead(tenant)];
  for (const name of keyedNames) {
    if (needs.rows[name].size > 0) reads.push(readKeyed(tenant, name, needs.rows[name]));
  }
  if (needs.keys.size > 0) reads.push(readKeys(tenant, keysThatCount(needs, now)));
  const bare = [...needs.proposals].filter((id) => !needs.submissions.has(id));
  if (bare.length > 0) reads.push(readProposals(tenant, bare));
  if (needs.submissions.size > 0) reads.push(readSubmissions(tenant, [...needs.submissions]));
  if (needs.leases.size > 0) reads.push(readLeaseEntries(tenant, needs.leases));
  if (needs.bodies.size > 0) reads.push(readBodies(tenant, needs.bodies));
  if (needs.roster) reads.push(readRoster(tenant));
  for (const name of needs.tallies) reads.push(readTally(tenant, name, now));
  if (needs.events.size > 0) reads.push(readEvents(tenant, [...needs.events.values()]));
  for (const [source, limit] of needs.queue)
    reads.push(readQueue(tenant, `queue/${source}`, readAhead(limit)));
  for (const [source, limit] of needs.rehearsals) reads.push(readQueue(tenant, `rehearse/${source}`, limit));
  for (const [lane, limit] of needs.lanes) reads.push(readLane(tenant, lane, limit));
  if (needs.due)
    reads.push(
      ...dueReads(tenant, now),
      ...dueActionReads(tenant, now),
      ...dueRunReads(tenant, now),
      ...freezeReads(tenant),
    );
  return reads;
}

/** Rows of a keyed table. */
function readKeyed<Name extends KeyedName>(tenant: string, name: Name, wanted: ReadonlySet<string>): Read {
  const { table, key } = keyedTables[name];
  return {
    statement: byKey(table, getTableName(table), key, tenant, wanted),
    fill: (rows, found) => {
      addKeyed(
        rows,
        name,
        found.map((raw) => decodeRow(table, raw)),
      );
    },
  };
}

function readKeys(tenant: string, wanted: ReadonlySet<string>): Read {
  return {
    statement: byKey(idempotency, 'idempotency', 'key', tenant, wanted),
    fill: (rows, found) => {
      rows.keys = found.map((raw) => decodeRow(idempotency, raw));
    },
  };
}

/** Bodies of entries, as text. */
function readBodies(tenant: string, wanted: ReadonlySet<number>): Read {
  return {
    statement: {
      sql:
        'SELECT l.seq AS seq, l.body AS body FROM json_each(?2) k CROSS JOIN ledger l ' +
        'WHERE l.tenant = ?1 AND l.seq = k.value',
      params: [tenant, canonicalJson([...wanted])],
    },
    fill: (rows, found) => {
      rows.bodies.push(...found.map((raw) => ({ seq: Number(raw.seq), body: String(raw.body) })));
    },
  };
}

function readRoster(tenant: string): Read {
  return {
    statement: {
      sql: `SELECT ${selectList(members, 'm')} FROM members m WHERE m.tenant = ?1`,
      params: [tenant],
    },
    fill: (rows, found) => {
      rows.roster = found.map((raw) => decodeRow(members, raw));
    },
  };
}

function readTally(tenant: string, name: TallyName, now: number): Read {
  return {
    statement: tallyStatement(tenant, name, now),
    fill: (rows, [found]) => {
      rows.tallies = new Map([...rows.tallies, [name, Number(found?.tally ?? 0)]]);
    },
  };
}

function keysThatCount(needs: Needs, now: number): ReadonlySet<string> {
  return new Set([...needs.keys].flatMap((key) => storedKeys(key, now)));
}

function readHead(tenant: string): Read {
  return {
    statement: { sql: `SELECT ${selectList(heads, 'h')} FROM heads h WHERE h.tenant = ?1`, params: [tenant] },
    fill: (rows, [raw]) => {
      rows.head = raw === undefined ? undefined : decodeRow(heads, raw);
    },
  };
}

/** `CROSS JOIN` fixes the order of the join: the keys first, each then looked up. */
export function byKey(
  table: SQLiteTable,
  name: string,
  key: string,
  tenant: string,
  wanted: Iterable<string | number>,
): Statement {
  return {
    sql:
      `SELECT ${selectList(table, 't')} FROM json_each(?2) k CROSS JOIN ${name} t ` +
      `WHERE t.tenant = ?1 AND t.${key} = k.value`,
    params: [tenant, canonicalJson([...wanted])],
  };
}

/** The entries that gave these leases: whoever reports under an old one must have held it. */
function readLeaseEntries(tenant: string, leases: Iterable<string>): Read {
  const sequences = [...leases]
    .map((lease) => sequenceOfId('lse', lease, tenant))
    .filter((seq) => seq !== undefined);
  return {
    statement: byKey(ledger, 'ledger', 'seq', tenant, sequences),
    fill: (rows, found) => {
      rows.leases = found.map((raw) => decodeRow(ledger, raw));
    },
  };
}

function readEvents(tenant: string, wanted: readonly (readonly [string, string])[]): Read {
  return {
    statement: {
      sql:
        `SELECT ${selectList(activity, 'a')} FROM json_each(?2) k CROSS JOIN activity a ` +
        'WHERE a.tenant = ?1 AND a.runner_id = k.value ->> 0 AND a.event_id = k.value ->> 1',
      params: [tenant, canonicalJson(wanted)],
    },
    fill: (rows, found) => {
      rows.events = found.map((raw) => decodeRow(activity, raw));
    },
  };
}
