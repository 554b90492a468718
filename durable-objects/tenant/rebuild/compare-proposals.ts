import { ledger, type ProposalRow, proposals } from '../schema.ts';
import type { Statement } from '../storage/database.ts';
import { decodeRow, selectList } from '../storage/rows.ts';
import { moveBetweenLanes, noCounters } from '../turn/head.ts';
import { BitSet } from './bit-set.ts';
import { compareRows, type Difference, type Differences } from './difference.ts';
import { foldStory, inChunks, STORY, storyEntries } from './fold-stories.ts';
import type { ReaderAtHead } from './read-at-head.ts';

/** Each is read with all its entries. */
const PROPOSALS_AT_ONCE = 250;
/** Stories that are folded at once, in a few milliseconds. */
const STORIES_AT_ONCE = 20;
const KEYS_AT_ONCE = 5_000;

/** How many there are, and how many of them wait in each lane. */
export interface ComparedProposals {
  readonly proposals: number;
  readonly counters: ReturnType<typeof moveBetweenLanes>;
}

/**
 * Folds the story of every proposal and compares it with its row, a few at a time. `tips` are the true ends of the
 * stories: a row is not asked where its own ends.
 */
export async function compareProposals(
  reader: ReaderAtHead,
  head: { readonly tenant: string; readonly seq: number },
  tips: BitSet,
  differences: Differences,
): Promise<ComparedProposals> {
  const begun = new BitSet(head.seq);
  let counters = noCounters;
  let count = 0;
  for (const some of inChunks(tips, PROPOSALS_AT_ONCE)) {
    const [entries = [], rows = []] = await reader.read(...storiesEndingAt(head.tenant, some));
    const standing = new Map(rows.map((raw) => decodeRow(proposals, raw)).map((row) => [row.seq, row]));
    const stories = Map.groupBy(
      entries.map((raw) => decodeRow(ledger, raw)),
      ({ subject }) => subject,
    );
    for (const [subject, story] of stories) {
      const folded = foldStory(head.tenant, story);
      if (folded === undefined) {
        differences.add([{ table: 'ledger', key: String(story[0]?.seq), column: 'body', found: 'differs' }]);
        continue;
      }
      count += 1;
      if (count % STORIES_AT_ONCE === 0) await reader.rest();
      begun.add(folded.seq);
      counters = moveBetweenLanes(counters, null, folded.lane);
      differences.add(compareProposal(subject, standing.get(folded.seq), folded));
    }
  }
  await nameExtraRows(reader, head.tenant, begun, differences);
  return { proposals: count, counters };
}

/** A renewed lease's end, and its place in the order of leases, stand in no entry; nor do remembered keys. */
function compareProposal(key: string, standing: ProposalRow | undefined, folded: ProposalRow): Difference[] {
  const leased = folded.job_state === 'leased' ? ['lease_expires_at', 'rank'] : [];
  // Rows that are older than the column were never told their contract.
  const unmarked = standing?.contract_id === null ? ['contract_id'] : [];
  return compareRows('proposals', key, { standing, folded }, ['remembered', ...leased, ...unmarked]);
}

function storiesEndingAt(tenant: string, tips: readonly number[]): Statement[] {
  return [
    storyEntries(tenant, tips),
    {
      sql: `${STORY} SELECT ${selectList(proposals, 'p')} FROM story s CROSS JOIN proposals p WHERE p.tenant = ?1 AND p.seq = s.seq AND s.previous IS NULL`,
      params: [tenant, JSON.stringify(tips)],
    },
  ];
}

/** Rows that no entry began. */
async function nameExtraRows(
  reader: ReaderAtHead,
  tenant: string,
  begun: BitSet,
  differences: Differences,
): Promise<void> {
  let after = -1;
  for (;;) {
    const sql = 'SELECT seq, proposal_id FROM proposals WHERE tenant = ?1 AND seq > ?2 ORDER BY seq LIMIT ?3';
    const [rows = []] = await reader.read({ sql, params: [tenant, after, KEYS_AT_ONCE] });
    const extra = rows.filter(({ seq }) => !begun.has(Number(seq)));
    differences.add(
      extra.map(({ proposal_id }) => ({
        table: 'proposals',
        key: String(proposal_id),
        column: null,
        found: 'extra',
      })),
    );
    if (rows.length < KEYS_AT_ONCE) return;
    after = Number(rows.at(-1)?.seq);
  }
}
