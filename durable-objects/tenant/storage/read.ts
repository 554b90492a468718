import { canonicalJson } from '@countersign/protocol/canonical-json';
import { sequenceOfId } from '@countersign/protocol/ids';
import type { SQLiteTable } from 'drizzle-orm/sqlite-core';
import { firstKeyThatCounts, storedKeys } from '../idempotency/stored-key.ts';
import {
  activity,
  credentials,
  heads,
  idempotency,
  ledger,
  members,
  proposals,
  runners,
  sources,
} from '../schema.ts';
import type { Needs } from '../turn/needs.ts';
import { nothingAssumed, type Rows } from '../turn/world.ts';
import type { Database, RawRow, Statement } from './database.ts';
import { decodeRow, selectList } from './rows.ts';

/** How many due rows of a lane one sweep takes. */
export const MOST_DUE = 100;
/** Each is read with its change set, which may be large. */
const MOST_AHEAD = 48;

/** How many queued jobs are read where so many were asked for: the claims that come next then need no read. */
export function readAhead(limit: number): number {
  return limit + Math.min(3 * limit + 4, MOST_AHEAD);
}

/** How many outdated keys one sweep forgets. */
const MOST_FORGOTTEN = 500;

type Fill = (rows: Rows, found: readonly RawRow[]) => void;
interface Read {
  readonly statement: Statement;
  readonly fill: Fill;
}

/** Fetches everything that the commands of a turn need, and the head with it, in one batch. Writes nothing. */
export async function readRows(database: Database, tenant: string, needs: Needs, now: number): Promise<Rows> {
  const reads = readsFor(tenant, needs, now);
  const results = await database.batch(reads.map((read) => read.statement));
  const rows: Rows = {
    head: undefined,
    members: [],
    credentials: [],
    sources: [],
    runners: [],
    proposals: [],
    submissions: [],
    entries: [],
    keys: [],
    events: [],
    queued: [],
    due: [],
    deadlines: [],
    forgotten: [],
    assumed: nothingAssumed,
  };
  for (const [place, read] of reads.entries()) read.fill(rows, results[place]?.rows ?? []);
  return rows;
}

function readsFor(tenant: string, needs: Needs, now: number): Read[] {
  const reads: Read[] = [readHead(tenant)];
  const keyed = (table: SQLiteTable, name: string, key: string, wanted: ReadonlySet<string>, fill: Fill) => {
    if (wanted.size > 0) reads.push({ statement: byKey(table, name, key, tenant, wanted), fill });
  };
  keyed(members, 'members', 'person', needs.members, (rows, found) => {
    rows.members = found.map((raw) => decodeRow(members, raw));
  });
  keyed(credentials, 'credentials', 'credential_id', needs.credentials, (rows, found) => {
    rows.credentials = found.map((raw) => decodeRow(credentials, raw));
  });
  keyed(sources, 'sources', 'source_id', needs.sources, (rows, found) => {
    rows.sources = found.map((raw) => decodeRow(sources, raw));
  });
  keyed(runners, 'runners', 'runner_id', needs.runners, (rows, found) => {
    rows.runners = found.map((raw) => decodeRow(runners, raw));
  });
  keyed(idempotency, 'idempotency', 'key', keysThatCount(needs, now), (rows, found) => {
    rows.keys = found.map((raw) => decodeRow(idempotency, raw));
  });
  const bare = [...needs.proposals].filter((id) => !needs.submissions.has(id));
  if (bare.length > 0) reads.push(readProposals(tenant, bare));
  if (needs.submissions.size > 0) reads.push(readSubmissions(tenant, [...needs.submissions]));
  if (needs.entries.size > 0) reads.push(readLeaseEntries(tenant, needs.entries));
  if (needs.events.size > 0) reads.push(readEvents(tenant, [...needs.events.values()]));
  for (const [source, limit] of needs.queue) reads.push(readQueue(tenant, source, readAhead(limit)));
  if (needs.due)
    reads.push(
      readForgotten(tenant, now),
      ...['lease', 'review', 'later'].map((lane) => readLane(tenant, lane, now)),
    );
  return reads;
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

/** Ids of ours hold their row's key; the others are looked up. */
const SEQUENCES =
  '(SELECT value AS seq FROM json_each(?2) UNION ALL ' +
  'SELECT i.seq FROM json_each(?3) k CROSS JOIN proposal_ids i WHERE i.tenant = ?1 AND i.proposal_id = k.value)';

/** Parameters 1 to 3 of a statement over `SEQUENCES`. */
export function sequenceParameters(tenant: string, ids: readonly string[]): [string, string, string] {
  const ours: number[] = [];
  const foreign: string[] = [];
  for (const id of ids) {
    const seq = sequenceOfId('wrp', id, tenant);
    if (seq === undefined) foreign.push(id);
    else ours.push(seq);
  }
  return [tenant, canonicalJson(ours), canonicalJson(foreign)];
}

/** Proposals with these ids, without or with (`body`) what was submitted. */
export function proposalsByIds(tenant: string, ids: readonly string[], withBody: boolean): Statement {
  const join = withBody ? ' CROSS JOIN ledger l ON l.tenant = p.tenant AND l.seq = p.seq' : '';
  return {
    sql:
      `SELECT ${selectList(proposals, 'p')}${withBody ? ', l.body AS body' : ''} FROM ${SEQUENCES} s ` +
      `CROSS JOIN proposals p ON p.tenant = ?1 AND p.seq = s.seq${join}`,
    params: sequenceParameters(tenant, ids),
  };
}

function readProposals(tenant: string, ids: readonly string[]): Read {
  return {
    statement: proposalsByIds(tenant, ids, false),
    fill: (rows, found) => {
      rows.proposals.push(...found.map((raw) => decodeRow(proposals, raw)));
    },
  };
}

function fillSubmissions(rows: Rows, found: readonly RawRow[]): void {
  for (const raw of found) {
    const proposal = decodeRow(proposals, raw);
    rows.proposals.push(proposal);
    rows.submissions.push({ seq: proposal.seq, body: String(raw.body) });
  }
}

function readSubmissions(tenant: string, ids: readonly string[]): Read {
  return { statement: proposalsByIds(tenant, ids, true), fill: fillSubmissions };
}

/** The entries that gave these leases: whoever reports under an old one must have held it. */
function readLeaseEntries(tenant: string, leases: Iterable<string>): Read {
  const sequences = [...leases]
    .map((lease) => sequenceOfId('lse', lease, tenant))
    .filter((seq) => seq !== undefined);
  return {
    statement: byKey(ledger, 'ledger', 'seq', tenant, sequences),
    fill: (rows, found) => {
      rows.entries = found.map((raw) => decodeRow(ledger, raw));
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

const WITH_SUBMISSION =
  `SELECT ${selectList(proposals, 'p')}, l.body AS body FROM proposals p ` +
  'CROSS JOIN ledger l ON l.tenant = p.tenant AND l.seq = p.seq WHERE p.tenant = ?1 AND p.lane = ?2';

/** The first queued jobs of a source. What is held back lies in another lane, so this reads what it returns. */
function readQueue(tenant: string, source: string, limit: number): Read {
  return {
    statement: {
      sql: `${WITH_SUBMISSION} ORDER BY p.rank, p.seq LIMIT ?3`,
      params: [tenant, `queue/${source}`, limit],
    },
    fill: (rows, found) => {
      fillSubmissions(rows, found);
      rows.queued.push(...found.map((raw) => decodeRow(proposals, raw).seq));
    },
  };
}

/** Keys that count no more; one batch of them at a time. */
function readForgotten(tenant: string, now: number): Read {
  return {
    statement: {
      sql: 'SELECT i.key FROM idempotency i WHERE i.tenant = ?1 AND i.key < ?2 ORDER BY i.key LIMIT ?3',
      params: [tenant, firstKeyThatCounts(now), MOST_FORGOTTEN],
    },
    fill: (rows, found) => {
      rows.forgotten = found.map((raw) => String(raw.key));
      if (found.length === MOST_FORGOTTEN) rows.deadlines.push(now);
    },
  };
}

/** The due rows of a lane, oldest first, and one beyond them, which tells when to look again. */
function readLane(tenant: string, lane: string, now: number): Read {
  return {
    statement: {
      sql: `${WITH_SUBMISSION} ORDER BY p.rank, p.seq LIMIT ?3`,
      params: [tenant, lane, MOST_DUE + 1],
    },
    fill: (rows, found) => {
      fillSubmissions(rows, found);
      const ranked = found.map((raw) => decodeRow(proposals, raw));
      const due = ranked.slice(0, MOST_DUE).filter((row) => (row.rank ?? 0) <= now);
      rows.due.push(...due.map((row) => row.seq));
      const next = ranked[due.length];
      if (next !== undefined) rows.deadlines.push(next.rank ?? 0);
    },
  };
}
