import { type LedgerEntry, verifySubject } from '@countersign/protocol/ledger';
import { ledger } from '../schema.ts';
import type { RawRow } from '../storage/database.ts';
import { sequenceParameters } from '../storage/read-proposals.ts';
import { decodeRow, selectList } from '../storage/rows.ts';
import { ledgerEntry } from '../storage/write.ts';
import type { LookOf } from '../turn/command.ts';
import { answer, refuse } from '../turn/reply.ts';
import type { LookPlan } from './look.ts';

/** Entries of one proposal are few; a broken chain must not make a walk without end. */
const MOST_ENTRIES = 1_000;

/**
 * Everything that happened to one proposal, in order: what was read, proposed, decided, attempted and applied.
 * Each entry knows the one before it about the same subject, so the walk needs no index; and the chain is
 * verified on the way out.
 */
export function replayProposal(tenant: string, { proposalId }: LookOf<'replay-proposal'>): LookPlan {
  const sql =
    'WITH RECURSIVE story (seq, previous, place) AS (' +
    'SELECT l.seq, l.prev_subject_seq, 1 FROM proposals p CROSS JOIN ledger l ' +
    'WHERE p.tenant = ?1 AND p.seq IN (SELECT value FROM json_each(?2) UNION ALL SELECT i.seq FROM json_each(?3) k ' +
    'CROSS JOIN proposal_ids i WHERE i.tenant = ?1 AND i.proposal_id = k.value) AND l.tenant = ?1 AND l.seq = p.tip_seq ' +
    'UNION ALL SELECT l.seq, l.prev_subject_seq, place + 1 FROM story s CROSS JOIN ledger l ' +
    `WHERE l.tenant = ?1 AND l.seq = s.previous AND place < ${MOST_ENTRIES}) ` +
    `SELECT ${selectList(ledger, 'l')} FROM story s CROSS JOIN ledger l WHERE l.tenant = ?1 AND l.seq = s.seq`;
  return {
    statements: [{ sql, params: sequenceParameters(tenant, [proposalId]) }],
    answer: ([rows = []]) => {
      const entries = rows.map(entryOf).sort((a, b) => a.seq - b.seq);
      if (entries[0]?.subject !== proposalId)
        return refuse('proposal_not_found', `there is no proposal ${proposalId}`);
      const integrity = verifySubject(tenant, proposalId, entries);
      return answer({ ok: true, proposal_id: proposalId, steps: entries.map(stepOf), entries, integrity });
    },
  };
}

function entryOf(raw: RawRow): LedgerEntry {
  return ledgerEntry(decodeRow(ledger, raw));
}

type Phase = 'read' | 'proposed' | 'decided' | 'attempted' | 'applied' | 'ended';

/** What an entry is in the story of a change. */
function phaseOf({ type, body }: LedgerEntry): Phase {
  if (type.startsWith('evidence.') || type.startsWith('query_audit.')) return 'read';
  if (type === 'proposal.submitted') return 'proposed';
  if (type.startsWith('proposal.')) return 'decided';
  if (type !== 'writeback.result') return 'attempted';
  const { result } = body as { readonly result: { readonly status: string } };
  return result.status === 'applied' || result.status === 'already_applied' ? 'applied' : 'ended';
}

function stepOf(entry: LedgerEntry) {
  return { seq: entry.seq, at: entry.at, phase: phaseOf(entry), type: entry.type, actor: entry.actor };
}
