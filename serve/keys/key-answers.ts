import type { KeyKind, KeyKindName } from './key-kind.ts';
import type { TokenHolder } from './token-holders.ts';

/** A key as it may be shown to anybody who runs the installation. */
export interface ShownKey {
  readonly kind: KeyKindName;
  readonly key_id: string;
  /** Whether it makes tokens, or signs snapshots, once the plane has it. */
  readonly signs: boolean;
  /** How many credentials that count, or snapshots in the folder, it has signed; null where that cannot be seen from here. */
  readonly signed: number | null;
}

export interface KeysListed {
  readonly keys: readonly ShownKey[];
  /** Those that would be shut out if all keys but the newest were retired. */
  readonly held_by_older: readonly TokenHolder[];
}

export interface KeysChanged {
  readonly kind: KeyKindName;
  /** The key that was added, or retired. */
  readonly key_id: string;
  /** All that are there now, newest first. */
  readonly key_ids: readonly string[];
  /** What has to be done for it to hold: commands, in their order. */
  readonly next: readonly string[];
}

export function shownKeys<Key>(
  name: KeyKindName,
  kind: KeyKind<Key>,
  keys: readonly Key[],
  signed: (id: string) => number | null,
): readonly ShownKey[] {
  return keys.map((key, place) => {
    const key_id = kind.idOf(key);
    return { kind: name, key_id, signs: place === 0, signed: signed(key_id) };
  });
}
