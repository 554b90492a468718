import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';

/**
 * What the protocol package takes of Node's own module, for a browser: hashing there must be synchronous, and what the
 * browser brings is not.
 */
export function createHash(algorithm: string): Hash {
  if (algorithm !== 'sha256') throw new TypeError(`no hash ${algorithm} here`);
  return new Hash();
}

/** The same at once. */
export function hash(algorithm: string, data: string | Uint8Array, encoding = 'hex'): string {
  return createHash(algorithm).update(data).digest(encoding);
}

export class Hash {
  readonly #state = sha256.create();

  /** Texts are hashed as UTF-8, which is the only encoding here. */
  update(data: string | Uint8Array, _encoding?: 'utf8'): this {
    this.#state.update(typeof data === 'string' ? utf8ToBytes(data) : data);
    return this;
  }

  digest(encoding: string): string {
    if (encoding !== 'hex') throw new TypeError(`no encoding ${encoding} here`);
    return bytesToHex(this.#state.digest());
  }
}
