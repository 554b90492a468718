import { foldProposal } from '../proposals/fold-proposal.ts';
import { type LedgerRow, ledger, type ProposalRow } from '../schema.ts';
import type { Statement } from '../storage/database.ts';
import { selectList } from '../storage/rows.ts';
import { placed } from './fold-ledger.ts';

/** The sequences of all entries about the proposals whose newest ones are given, as `story`. */
export const STORY =
  'WITH RECURSIVE story (seq, previous) AS (SELECT l.seq, l.prev_subject_seq FROM json_each(?2) k ' +
  'CROSS JOIN ledger l WHERE l.tenant = ?1 AND l.seq = k.value UNION ALL ' +
  'SELECT l.seq, l.prev_subject_seq FROM story s CROSS JOIN ledger l ' +
  'WHERE l.tenant = ?1 AND l.seq = s.previous AND l.seq < s.seq)';

/** Those entries, oldest first. */
export function storyEntries(tenant: string, tips: readonly number[]): Statement {
  return {
    sql: `${STORY} SELECT ${selectList(ledger, 'l')} FROM story s CROSS JOIN ledger l WHERE l.tenant = ?1 AND l.seq = s.seq ORDER BY l.seq`,
    params: [tenant, JSON.stringify(tips)],
  };
}

/** A proposal's row from its entries; undefined for entries that no rule ever wrote. */
export function foldStory(tenant: string, story: readonly LedgerRow[]): ProposalRow | undefined {
  try {
    return story.reduce<ProposalRow | undefined>(
      (row, entry) => foldProposal(tenant, row, placed(entry, JSON.parse(entry.body))),
      undefined,
    );
  } catch {
    return undefined;
  }
}

export function* inChunks<Item>(items: Iterable<Item>, size: number): Generator<Item[]> {
  let chunk: Item[] = [];
  for (const item of items) {
    chunk.push(item);
    if (chunk.length < size) continue;
    yield chunk;
    chunk = [];
  }
  if (chunk.length > 0) yield chunk;
}
