/** A table may be altered at any time; for so long it is taken for what it was. */
const FRESH_MS = 30_000;

/**
 * Something that is read again when it was read too long ago. What reads the same stays the same object, so that
 * whatever was built on it, such as prepared statements, need not be built anew.
 */
export class Remembered<Source, Value> {
  readonly #read: (source: Source) => Promise<Value>;
  readonly #textOf: (value: Value) => string;
  readonly #freshMs: number;
  #value: { readonly of: Value; readonly text: string; readonly readAt: number } | undefined;

  /**
   * @param read may throw; then what was known stays what it was
   * @param textOf the same text for values that are the same
   */
  constructor(
    read: (source: Source) => Promise<Value>,
    textOf: (value: Value) => string,
    freshMs = FRESH_MS,
  ) {
    this.#read = read;
    this.#textOf = textOf;
    this.#freshMs = freshMs;
  }

  /** Whether `get` would give what was read earlier. */
  get isKnown(): boolean {
    return this.#value !== undefined && performance.now() - this.#value.readAt < this.#freshMs;
  }

  async get(source: Source): Promise<Value> {
    if (this.#value !== undefined && this.isKnown) return this.#value.of;
    const readAt = performance.now();
    const read = await this.#read(source);
    const text = this.#textOf(read);
    const of = this.#value?.text === text ? this.#value.of : read;
    this.#value = { of, text, readAt };
    return of;
  }

  /** The next `get` reads again. */
  forget(): void {
    if (this.#value !== undefined) this.#value = { ...this.#value, readAt: Number.NEGATIVE_INFINITY };
  }
}
