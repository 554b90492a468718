import { canonicalJson } from '@countersign/protocol/canonical-json';
import { sequenceOfId } from '@countersign/protocol/ids';
import { proposals } from '../schema.ts';
import type { Rows } from '../turn/rows.ts';
import type { RawRow, Statement } from './database.ts';
import { decodeRow, selectList } from './rows.ts';

export type Fill = (rows: Rows, found: readonly RawRow[]) => void;
export interface Read {
  readonly statement: Statement;
  readonly fill: Fill;
}

/** Ids of ours hold their row's key; the others are looked up. */
export const SEQUENCES =
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
  const join = withBody ? ' CROSS JOIN ledger l ON l.tenant = p.tenant AND l.seq = p.body_seq' : '';
  return {
    sql:
      `SELECT ${selectList(proposals, 'p')}${withBody ? ', l.body AS body' : ''} FROM ${SEQUENCES} s ` +
      `CROSS JOIN proposals p ON p.tenant = ?1 AND p.seq = s.seq${join}`,
    params: sequenceParameters(tenant, ids),
  };
}

export function readProposals(tenant: string, ids: readonly string[]): Read {
  return {
    statement: proposalsByIds(tenant, ids, false),
    fill: (rows, found) => {
      rows.proposals.push(...found.map((raw) => decodeRow(proposals, raw)));
    },
  };
}

export function fillSubmissions(rows: Rows, found: readonly RawRow[]): void {
  for (const raw of found) {
    const proposal = decodeRow(proposals, raw);
    rows.proposals.push(proposal);
    rows.bodies.push({ seq: proposal.body_seq, body: String(raw.body) });
  }
}

export function readSubmissions(tenant: string, ids: readonly string[]): Read {
  return { statement: proposalsByIds(tenant, ids, true), fill: fillSubmissions };
}

export const WITH_SUBMISSION =
  `SELECT ${selectList(proposals, 'p')}, l.body AS body FROM proposals p ` +
  'CROSS JOIN ledger l ON l.tenant = p.tenant AND l.seq = p.body_seq WHERE p.tenant = ?1 AND p.lane = ?2';

/** The first queued jobs, or rehearsals, of a source. What is held back lies in another lane, so this reads what it returns. */
export function readQueue(tenant: string, lane: string, limit: number): Read {
  return {
    statement: {
      sql: `${WITH_SUBMISSION} ORDER BY p.rank, p.seq LIMIT ?3`,
      params: [tenant, lane, limit],
    },
    fill: (rows, found) => {
      fillSubmissions(rows, found);
      rows.queued.push(...found.map((raw) => decodeRow(proposals, raw).seq));
    },
  };
}
