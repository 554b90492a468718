/** Keys of one kind: newest first, of which the first signs, and all are checked with. */
export interface KeyKind<Key> {
  /** How many a list may hold. */
  readonly most: number;
  /** The Worker's secret that holds them, and the configuration files of the Workers that have it, in the order to set. */
  readonly secret: { readonly name: string; readonly workers: readonly string[] };
  make(): Key;
  /** What the key is called; says nothing of it. */
  idOf(key: Key): string;
  /** The keys in a text; undefined where it does not hold such a list. */
  parse(text: string): readonly Key[] | undefined;
  /** The list as it stands in a file. */
  print(keys: readonly Key[]): string;
  /** What stays of a key that is retired; undefined for nothing. */
  remainsOf(key: Key): Key | undefined;
}

export type KeyKindName = 'tokens' | 'snapshots';

/** Where the keys are: those of a plane of this machine, or a file of one that runs elsewhere. */
export type KeysPlace =
  | { readonly config: string }
  /** `holders`: files of what each database of tenants said of its credentials. */
  | { readonly file: string; readonly holders: readonly string[] };
