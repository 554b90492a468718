import type { ListProposalsQuery } from '@countersign/protocol/proposal-requests';
import { queueLane } from '../proposals/lane.ts';
import { proposals } from '../schema.ts';
import type { Parameter, RawRow, Statement } from '../storage/database.ts';
import { selectList } from '../storage/rows.ts';
import type { Caller } from '../turn/command.ts';
import { decodeCursor, encodeCursor } from './cursor.ts';
import { pendingProposals } from './pending-proposals.ts';

/** Which rows are looked at, and where the next page begins. */
export interface ProposalPage {
  readonly statement: Statement;
  /** `head`: the newest sequence of the ledger when the page was read. */
  nextCursor(rows: readonly RawRow[], head: number): string | null;
}

/** A page of hundreds of large proposals would not fit into the object's memory, nor into an answer. */
const MOST_CHARACTERS = 4_000_000;
/** How far back in the ledger one page looks for an agent's own proposals among those of all others. */
const WINDOW = 50_000;
const REVIEW = 'review';

const laneOfJob: Partial<Record<NonNullable<ListProposalsQuery['job_status']>, string>> = {
  leased: 'lease',
  dead_letter: 'dead',
};

const FROM =
  `SELECT ${selectList(proposals, 'p')}, l.body AS body FROM proposals p ` +
  'CROSS JOIN ledger l ON l.tenant = p.tenant AND l.seq = p.body_seq WHERE p.tenant = ?1';

/** Throws `Refused` for a cursor that was not given out. */
export function proposalPage(tenant: string, query: ListProposalsQuery, caller: Caller): ProposalPage {
  if (caller.kind === 'agent') return ownPage(tenant, query, caller.credentialId);
  const lane = laneFor(query);
  if (lane === undefined) return agePage(tenant, query);
  return lane === REVIEW ? pendingPage(tenant, query) : lanePage(tenant, lane, query);
}

function laneFor({ status, job_status, source_id }: ListProposalsQuery): string | undefined {
  if (status === 'pending_review') return REVIEW;
  if (job_status === 'queued' && source_id !== undefined) return queueLane(source_id);
  return job_status === undefined ? undefined : laneOfJob[job_status];
}

function agePage(tenant: string, query: ListProposalsQuery): ProposalPage {
  const [before = Number.MAX_SAFE_INTEGER] = decodeCursor(query.cursor, 1) ?? [];
  const { sql, params } = filtered(query, [tenant, before]);
  return {
    statement: bounded(`${FROM} AND p.seq < ?2${sql}`, params, 'seq DESC', query.limit),
    nextCursor: (rows) => cursorAfter(rows, query.limit, 'seq'),
  };
}

/** Of its own proposals alone, and cursors that tell nothing of those of others. */
function ownPage(tenant: string, query: ListProposalsQuery, credentialId: string): ProposalPage {
  const [before = Number.MAX_SAFE_INTEGER] = decodeCursor(query.cursor, 1) ?? [];
  const { sql, params } = filtered(query, [tenant, before, credentialId, WINDOW]);
  const within =
    ' AND p.seq < ?2 AND p.seq >= (SELECT min(?2, h.seq + 1) - ?4 FROM heads h WHERE h.tenant = ?1) ' +
    "AND p.proposer_kind = 'agent' AND p.proposer_id = ?3";
  return {
    statement: bounded(`${FROM}${within}${sql}`, params, 'seq DESC', query.limit),
    nextCursor: (rows, head) => {
      const start = Math.min(before, head + 1) - WINDOW;
      const afterWindow = start > 1 ? encodeCursor(start) : null;
      return cursorAfter(rows, query.limit, 'seq') ?? afterWindow;
    },
  };
}

/** The pending ones, of which some may be looked at again. */
function pendingPage(tenant: string, query: ListProposalsQuery): ProposalPage {
  const [expiresAt = -1, seq = -1] = decodeCursor(query.cursor, 2) ?? [];
  const { sql, params } = pendingProposals(tenant, { expiresAt, seq }, query.limit);
  return {
    statement: withinCharacters(sql, params, 'expires_at, seq'),
    nextCursor: (rows) => cursorAfter(rows, query.limit, 'expires_at', 'seq'),
  };
}

/** What lies in a lane, in its order. */
function lanePage(tenant: string, lane: string, query: ListProposalsQuery): ProposalPage {
  const [rank = -1, seq = -1] = decodeCursor(query.cursor, 2) ?? [];
  const sql = `${FROM} AND p.lane = ?2 AND (p.rank, p.seq) > (?3, ?4)`;
  return {
    statement: bounded(sql, [tenant, lane, rank, seq], 'rank, seq', query.limit),
    nextCursor: (rows) => cursorAfter(rows, query.limit, 'rank', 'seq'),
  };
}

function filtered({ status, job_status, source_id }: ListProposalsQuery, given: readonly Parameter[]) {
  const params = [...given];
  let sql = '';
  for (const [column, value] of [
    ['state', status],
    ['job_state', job_status],
    ['source_id', source_id],
  ] as const) {
    if (value === undefined) continue;
    params.push(value);
    sql += ` AND p.${column} = ?${params.length}`;
  }
  return { sql, params };
}

function bounded(chosen: string, params: readonly Parameter[], order: string, limit: number): Statement {
  const sql = `${chosen} ORDER BY ${inTable(order)} LIMIT ?${params.length + 1}`;
  return withinCharacters(sql, [...params, limit], order);
}

/** `rank, seq` of the table, not of what is selected from it. */
function inTable(order: string): string {
  return order.replaceAll(/(^|, )/g, '$1p.');
}

/** Ends a page where it is full, never before its first row; each row says how many there would have been. */
function withinCharacters(chosen: string, params: readonly Parameter[], order: string): Statement {
  const size = 'length(body) + length(conversation)';
  const sql =
    `SELECT * FROM (SELECT *, sum(${size}) OVER (ORDER BY ${order} ROWS UNBOUNDED PRECEDING) - (${size}) AS filled, ` +
    `count(*) OVER () AS chosen FROM (${chosen})) WHERE filled < ${MOST_CHARACTERS} ORDER BY ${order}`;
  return { sql, params };
}

function cursorAfter(rows: readonly RawRow[], limit: number, ...place: readonly string[]): string | null {
  const last = rows.at(-1);
  if (last === undefined || (rows.length < limit && rows.length === Number(last.chosen))) return null;
  return encodeCursor(...place.map((column) => Number(last[column] ?? 0)));
}
