import type { SnapshotManifest } from './snapshot-manifest.ts';

export const refusedBecause = ['empty', 'shrunken', 'rewritten', 'broken'] as const;
export type RefusedBecause = (typeof refusedBecause)[number];

/** Why a new snapshot may not stand for the record: it would be believed, and the older ones would be let go. */
export const refusalSentences: Readonly<Record<RefusedBecause, string>> = {
  empty: 'the record holds no entry',
  shrunken: 'the record ends before the entry at which the snapshot before this one ended',
  rewritten: 'the record has another entry where the snapshot before this one ended',
  broken: 'the chain of the record does not verify',
};

type Head = SnapshotManifest['head'];

/**
 * Whether a record that ends at `head` is what the one before it has become; undefined: it is. `atBefore`: the hash of
 * the entry in the new one at which the one before ended.
 */
export function refusalOf(
  { entries, head }: { readonly entries: number; readonly head: Head },
  before: Head | undefined,
  atBefore: string | undefined,
): RefusedBecause | undefined {
  if (entries === 0) return 'empty';
  if (before === undefined) return undefined;
  if (head.seq < before.seq) return 'shrunken';
  return atBefore === before.hash ? undefined : 'rewritten';
}
