/** A table may be altered at any time; for so long it is taken for what it was. */
const FRESH_MS = 30_000;

/** Something that is read again when it was read too long ago. */
export class Remembered<Source, Value> {
  readonly #read: (source: Source) => Promise<Value>;
  #value: { readonly of: Value; readonly readAt: number } | undefined;

  /** @param read may throw; then nothing is remembered */
  constructor(read: (source: Source) => Promise<Value>) {
    this.#read = read;
  }

  /** Whether `get` would give what was read earlier. */
  get isKnown(): boolean {
    return this.#value !== undefined && performance.now() - this.#value.readAt < FRESH_MS;
  }

  async get(source: Source): Promise<Value> {
    if (this.#value !== undefined && this.isKnown) return this.#value.of;
    const readAt = performance.now();
    this.#value = { of: await this.#read(source), readAt };
    return this.#value.of;
  }

  forget(): void {
    this.#value = undefined;
  }
}
