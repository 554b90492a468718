/** Whole numbers up to a most one, an eighth of a byte each: a ledger's sequences are many. */
export class BitSet {
  readonly #bytes: Uint8Array;

  constructor(most: number) {
    this.#bytes = new Uint8Array((most >> 3) + 1);
  }

  has(number: number): boolean {
    return ((this.#bytes[number >> 3] ?? 0) & (1 << (number & 7))) !== 0;
  }

  add(number: number): void {
    this.#bytes[number >> 3] = (this.#bytes[number >> 3] ?? 0) | (1 << (number & 7));
  }

  remove(number: number): void {
    this.#bytes[number >> 3] = (this.#bytes[number >> 3] ?? 0) & ~(1 << (number & 7));
  }

  *[Symbol.iterator](): Generator<number> {
    for (const [place, byte] of this.#bytes.entries()) {
      if (byte === 0) continue;
      for (let bit = 0; bit < 8; bit += 1) if ((byte & (1 << bit)) !== 0) yield place * 8 + bit;
    }
  }
}
