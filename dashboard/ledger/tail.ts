import type { LedgerEntry } from '@countersign/protocol/ledger';

/** The end of the record, as far as it was read. */
export interface Tail {
  /** Oldest first, without a gap. */
  readonly entries: readonly LedgerEntry[];
  /** The sequence after which it begins. */
  readonly after: number;
}

/** More would only be scrolled past; what is older is read when it is asked for. */
export const MOST_KEPT = 5_000;

/** The tail with what came since. What is there already is there once; the oldest go where they are too many. */
export function extended({ after, entries }: Tail, read: readonly LedgerEntry[], most = MOST_KEPT): Tail {
  const through = entries.at(-1)?.seq ?? after;
  const fresh = read.filter(({ seq }) => seq > through);
  if (fresh.length === 0) return { after, entries };
  const kept = [...entries, ...fresh].slice(-most);
  return { entries: kept, after: Math.max(after, (kept[0]?.seq ?? after + 1) - 1) };
}

/** Newest first, of one noun where one is asked for. */
export function shownOf(entries: readonly LedgerEntry[], noun: string | undefined): readonly LedgerEntry[] {
  const wanted = noun === undefined ? entries : entries.filter(({ type }) => nounOf(type) === noun);
  return wanted.toReversed();
}

export function nounOf(type: string): string {
  return type.split('.')[0] ?? type;
}
