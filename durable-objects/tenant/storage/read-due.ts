import { counters } from '../governance-schema.ts';
import { firstKeyThatCounts } from '../idempotency/stored-key.ts';
import { proposals } from '../schema.ts';
import { fillSubmissions, type Read, WITH_SUBMISSION } from './read-proposals.ts';
import { decodeRow, selectList } from './rows.ts';

/** How many due rows of a lane one sweep takes. */
export const MOST_DUE = 100;
/** How many outdated keys one sweep forgets. */
const MOST_FORGOTTEN = 500;
/** Days that counters are kept for people to look at. */
const KEPT_DAYS = 7;

/** What a sweep reads: rows whose time has come, and what may be forgotten. */
export function dueReads(tenant: string, now: number): Read[] {
  return [
    readForgotten(tenant, now),
    readOutdated(tenant, now),
    ...['lease', 'review', 'later'].map((lane) => readLane(tenant, lane, now)),
    readMissedRehearsals(tenant, now),
    readNextRehearsal(tenant, now),
  ];
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

/** Of every source's lane: what nobody rehearsed in time. */
function readMissedRehearsals(tenant: string, now: number): Read {
  return {
    statement: {
      sql:
        `SELECT ${selectList(proposals, 'p')}, l.body AS body FROM sources s CROSS JOIN proposals p ` +
        "ON p.tenant = s.tenant AND p.lane = 'rehearse/' || s.source_id AND p.rank <= ?2 " +
        'CROSS JOIN ledger l ON l.tenant = p.tenant AND l.seq = p.body_seq WHERE s.tenant = ?1 LIMIT ?3',
      params: [tenant, now, MOST_DUE],
    },
    fill: (rows, found) => {
      fillSubmissions(rows, found);
      rows.due.push(...found.map((raw) => decodeRow(proposals, raw).seq));
      if (found.length === MOST_DUE) rows.deadlines.push(now);
    },
  };
}

/** When the next rehearsal will be missed. */
function readNextRehearsal(tenant: string, now: number): Read {
  return {
    statement: {
      sql:
        "SELECT (SELECT MIN(p.rank) FROM proposals p WHERE p.tenant = s.tenant AND p.lane = 'rehearse/' || s.source_id " +
        'AND p.rank > ?2) AS next FROM sources s WHERE s.tenant = ?1',
      params: [tenant, now],
    },
    fill: (rows, found) => {
      rows.deadlines.push(...found.flatMap(({ next }) => (typeof next === 'number' ? [next] : [])));
    },
  };
}

/** The first day whose counters are kept. */
export function firstKeptDay(now: number): string {
  return new Date(now - KEPT_DAYS * 86_400_000).toISOString().slice(0, 10);
}

/** Counters of days that are over: limits look at today only. One batch of them at a time. */
function readOutdated(tenant: string, now: number): Read {
  return {
    statement: {
      sql: 'SELECT c.key FROM counters c WHERE c.tenant = ?1 AND c.key < ?2 ORDER BY c.key LIMIT ?3',
      params: [tenant, firstKeptDay(now), MOST_FORGOTTEN],
    },
    fill: (rows, found) => {
      rows.outdated = found.map((raw) => String(raw[counters.key.name]));
      if (found.length === MOST_FORGOTTEN) rows.deadlines.push(now);
    },
  };
}
