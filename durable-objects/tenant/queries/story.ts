import { type ChainPlace, type LedgerEntry, verifySubject } from '@countersign/protocol/ledger';
import { ledger } from '../schema.ts';
import type { RawRow, Statement } from '../storage/database.ts';
import { sequenceParameters } from '../storage/read-proposals.ts';
import { decodeRow, selectList } from '../storage/rows.ts';
import { ledgerEntry } from '../storage/write.ts';
import { type Answer, answer, type Reply, refuse } from '../turn/reply.ts';

/** Entries of one proposal are few unless a runner records many events about it; a broken chain must not make a walk without end. */
const MOST_ENTRIES = 1_000;

/**
 * Common table expressions that end in `story (seq)`: the entries about a proposal, from the newest back. Each knows
 * the one before it about the same subject, so the walk needs no index. Takes parameters 1 to 3, of
 * `sequenceParameters`.
 */
export function storyExpression(most: number): string {
  return (
    'WITH RECURSIVE story (seq, previous, place) AS (' +
    'SELECT l.seq, l.prev_subject_seq, 1 FROM proposals p CROSS JOIN ledger l ' +
    'WHERE p.tenant = ?1 AND p.seq IN (SELECT value FROM json_each(?2) UNION ALL SELECT i.seq FROM json_each(?3) k ' +
    'CROSS JOIN proposal_ids i WHERE i.tenant = ?1 AND i.proposal_id = k.value) AND l.tenant = ?1 AND l.seq = p.tip_seq ' +
    'UNION ALL SELECT l.seq, l.prev_subject_seq, place + 1 FROM story s CROSS JOIN ledger l ' +
    `WHERE l.tenant = ?1 AND l.seq = s.previous AND l.seq < s.seq AND place < ${most})`
  );
}

/** Everything that happened to a proposal. */
export function storyOf(tenant: string, proposalId: string): Statement {
  const sql =
    `${storyExpression(MOST_ENTRIES)} SELECT ${selectList(ledger, 'l')} FROM story s CROSS JOIN ledger l ` +
    'WHERE l.tenant = ?1 AND l.seq = s.seq';
  return { sql, params: sequenceParameters(tenant, [proposalId]) };
}

export function entryOf(raw: RawRow): LedgerEntry {
  return ledgerEntry(decodeRow(ledger, raw));
}

/** The entries of a story, oldest first; none when the rows are of another proposal. */
export function entriesOf(proposalId: string, rows: readonly RawRow[]): readonly LedgerEntry[] {
  const entries = rows.map(entryOf).toSorted((a, b) => a.seq - b.seq);
  return entries[0]?.subject === proposalId ? entries : [];
}

/** What was read, proposed, decided, attempted and applied, in order; the chain is verified on the way out. Of a longer story the newest entries. */
export function tellStory(
  tenant: string,
  proposalId: string,
  entries: readonly LedgerEntry[],
  more: Omit<Answer, 'ok'> = {},
): Reply {
  const verified = verifiedStory(tenant, proposalId, entries);
  const steps = entries.map(stepOf);
  return answer({ ok: true, proposal_id: proposalId, ...more, steps, entries, ...verified });
}

/** Whether these are all entries of the story, and whether their chain holds. */
export function verifiedStory(tenant: string, proposalId: string, entries: readonly LedgerEntry[]) {
  const start = cutAfter(entries);
  const integrity = verifySubject(tenant, proposalId, entries, start);
  return { is_complete: start === undefined, integrity };
}

/** What the oldest entry follows, where the story is longer than what was read: that end is cut, not broken. */
function cutAfter(entries: readonly LedgerEntry[]): ChainPlace | undefined {
  const [first] = entries;
  if (first === undefined || entries.length < MOST_ENTRIES) return undefined;
  const { prev_subject_seq: seq, prev_subject_hash: hash } = first;
  return seq === null || hash === null ? undefined : { seq, hash };
}

export function noSuchProposal(proposalId: string): Reply {
  return refuse('proposal_not_found', `there is no proposal ${proposalId}`);
}

type Phase = 'read' | 'proposed' | 'decided' | 'attempted' | 'applied' | 'ended';

const proposing = new Set(['proposal.requested', 'proposal.revised', 'proposal.submitted']);

/** What an entry is in the story of a change. */
function phaseOf({ type, body }: LedgerEntry): Phase {
  if (/^(evidence|query_audit|rehearsal)\./.test(type)) return 'read';
  if (proposing.has(type)) return 'proposed';
  if (type.startsWith('proposal.')) return 'decided';
  if (type !== 'writeback.result') return 'attempted';
  const { result } = body as { readonly result: { readonly status: string } };
  return result.status === 'applied' || result.status === 'already_applied' ? 'applied' : 'ended';
}

export function stepOf(entry: LedgerEntry) {
  return { seq: entry.seq, at: entry.at, phase: phaseOf(entry), type: entry.type, actor: entry.actor };
}
