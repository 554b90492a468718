import { entryHashOver, genesisHash } from '@countersign/protocol/ledger';
import { ledgerPage, type PageBounds } from '../queries/ledger-page.ts';
import { type Head, type LedgerRow, ledger } from '../schema.ts';
import { decodeRow } from '../storage/rows.ts';
import { ledgerEntry } from '../storage/write.ts';
import type { Placed } from '../turn/event.ts';
import { BitSet } from './bit-set.ts';
import { Lookups } from './compare-lookups.ts';
import type { Difference, Differences } from './difference.ts';
import { FoldedTables } from './folded-tables.ts';
import type { ReaderAtHead } from './read-at-head.ts';

/** D1 lets one event make a thousand calls: the fewer pages, the longer the record that can be compared. */
const bounds: PageBounds = { entries: 3_000, characters: 4_000_000 };
/** Entries that are folded at once, in a few milliseconds. */
const AT_ONCE = 100;

/** What a pass over the whole ledger leaves: the keyed tables, and where each proposal's story ends. */
export interface FoldedLedger {
  readonly tables: FoldedTables;
  /** Sequences of the newest entry about each proposal. */
  readonly tips: BitSet;
  readonly entries: number;
  /** How many rows lead from the ids of others to entries. */
  readonly lookups: { readonly activity: number; readonly proposal_ids: number };
}

/** Folds every entry in order and follows the chain; entries that are not as they were hashed are differences. */
export async function foldLedger(
  reader: ReaderAtHead,
  head: Head,
  differences: Differences,
): Promise<FoldedLedger> {
  const { tenant } = head;
  const tables = new FoldedTables();
  const tips = new BitSet(head.seq);
  const lookups = new Lookups(reader, tenant, differences);
  let last = { seq: 0, hash: genesisHash(tenant) };
  let entries = 0;
  while (last.seq < head.seq) {
    const [page = []] = await reader.read(ledgerPage(tenant, { after: last.seq, through: head.seq, bounds }));
    if (page.length === 0) break;
    const rows = page.map((raw) => decodeRow(ledger, raw));
    for (const row of rows) {
      differences.add(brokenLinks(row, last));
      differences.add(foldEntry(tables, tips, row));
      last = { seq: row.seq, hash: row.hash };
      entries += 1;
      if (entries % AT_ONCE === 0) await reader.rest();
    }
    await lookups.compare(rows);
  }
  if (last.seq !== head.seq) differences.add([inLedger(head.seq, null, 'missing')]);
  else if (last.hash !== head.hash) differences.add([inLedger(head.seq, 'hash', 'differs')]);
  return { tables, tips, entries, lookups: await lookups.end() };
}

function inLedger(seq: number, column: string | null, found: Difference['found']): Difference {
  return { table: 'ledger', key: String(seq), column, found };
}

function brokenLinks(row: LedgerRow, last: { readonly seq: number; readonly hash: string }): Difference[] {
  const found: Difference[] = [];
  if (row.seq !== last.seq + 1) found.push(inLedger(last.seq + 1, null, 'missing'));
  else if (row.prev_hash !== last.hash) found.push(inLedger(row.seq, 'prev_hash', 'differs'));
  const { seq, prev_hash, prev_subject_seq, prev_subject_hash, type, subject, tenant } = row;
  const at = new Date(row.at).toISOString();
  const actor = { kind: row.actor_kind, id: row.actor_id };
  const unsealed = { tenant, seq, at, actor, type, subject, prev_hash, prev_subject_seq, prev_subject_hash };
  if (entryHashOver(unsealed, row.body) !== row.hash) found.push(inLedger(row.seq, 'hash', 'differs'));
  return found;
}

function foldEntry(tables: FoldedTables, tips: BitSet, row: LedgerRow): Difference[] {
  const { subject, seq, prev_subject_seq, tenant } = row;
  if (!subject.includes('/')) {
    tips.add(seq);
    if (prev_subject_seq !== null) tips.remove(prev_subject_seq);
  }
  try {
    const { body } = ledgerEntry(row);
    tables.fold(tenant, placed(row, body));
    return [];
  } catch {
    // No body that was ever written cannot be folded.
    return [inLedger(seq, 'body', 'differs')];
  }
}

/** An entry of the ledger has the body that its type says: only the tenant's own rules ever write one. */
export function placed({ actor_kind, actor_id, ...row }: LedgerRow, body: object): Placed {
  const { seq, at, type, subject, hash } = row;
  return { seq, at, type, subject, hash, actor: { kind: actor_kind, id: actor_id }, body } as Placed;
}
