import { proposals } from '../schema.ts';
import type { Statement } from '../storage/database.ts';
import { selectList } from '../storage/rows.ts';

/**
 * What waits for people, in the order in which it runs out, from after a place in that order. A proposal keeps its
 * place while a fresh look is under way, which takes seconds: those are few, and are put in between.
 */
export function pendingProposals(
  tenant: string,
  after: { readonly expiresAt: number; readonly seq: number },
  limit: number,
): Statement {
  const beyond = "p.state = 'pending_review' AND (p.expires_at, p.seq) > (?2, ?3)";
  const waiting =
    'SELECT p.tenant, p.seq FROM proposals p WHERE p.tenant = ?1 ' +
    "AND p.lane = 'review' AND (p.rank, p.seq) > (?2, ?3) ORDER BY p.rank, p.seq LIMIT ?4";
  const lookAsked =
    'SELECT p.tenant, p.seq FROM sources s CROSS JOIN proposals p INDEXED BY proposals_by_lane ' +
    `ON p.tenant = s.tenant AND p.lane = 'rehearse/' || s.source_id WHERE s.tenant = ?1 AND ${beyond}`;
  const lookedAt = `SELECT p.tenant, p.seq FROM proposals p INDEXED BY proposals_by_lane WHERE p.tenant = ?1 AND p.lane = 'lease' AND ${beyond}`;
  const sql =
    `SELECT ${selectList(proposals, 'p')}, l.body AS body ` +
    `FROM (SELECT * FROM (${waiting}) UNION ALL ${lookAsked} UNION ALL ${lookedAt}) w ` +
    'CROSS JOIN proposals p ON p.tenant = w.tenant AND p.seq = w.seq ' +
    'CROSS JOIN ledger l ON l.tenant = p.tenant AND l.seq = p.body_seq ORDER BY p.expires_at, p.seq LIMIT ?4';
  return { sql, params: [tenant, after.expiresAt, after.seq, limit] };
}
