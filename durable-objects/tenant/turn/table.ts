/** Rows by key, with what they were before the turn. */
export class Table<Key, Row> {
  readonly #loaded = new Map<Key, Row>();
  readonly #changed = new Map<Key, Row>();

  load(key: Key, row: Row): void {
    this.#loaded.set(key, row);
  }

  get(key: Key): Row | undefined {
    return this.#changed.get(key) ?? this.#loaded.get(key);
  }

  set(key: Key, row: Row): void {
    this.#changed.set(key, row);
  }

  loaded(key: Key): Row | undefined {
    return this.#loaded.get(key);
  }

  /** All of them, as they are now. */
  rows(): Row[] {
    return [...new Map([...this.#loaded, ...this.#changed]).values()];
  }

  changed(): { before: Row | undefined; after: Row }[] {
    return [...this.#changed].map(([key, after]) => ({ before: this.#loaded.get(key), after }));
  }
}
