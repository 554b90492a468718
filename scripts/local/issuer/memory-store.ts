import type { Adapter, StoredPayload } from 'oidc-provider';

type Entry = { model: string; payload: StoredPayload; dropAt: number };

/**
 * The provider judges expiry by the payload; the store only forgets. It waits this long, so that a client
 * that comes late is told "expired" and not "unknown".
 */
const KEPT_AFTER_EXPIRY_MS = 60_000;

/**
 * What the issuer remembers: sessions, interactions, codes, grants and refresh tokens. Memory is enough
 * here: after a restart people sign in again, while access tokens stay valid, since only the keys decide
 * about those. The store outlives the provider object, which is replaced when keys rotate.
 */
export class MemoryStore {
  readonly #entries = new Map<string, Entry>();
  readonly #now: () => number;

  /** @param now milliseconds since the epoch */
  constructor(now: () => number) {
    this.#now = now;
  }

  /** The part of the store for one of the provider's models. */
  adapter(model: string): Adapter {
    const key = (id: string) => `${model}:${id}`;
    const findBy = (member: 'uid' | 'userCode', value: string) =>
      this.#live().find((entry) => entry.model === model && entry.payload[member] === value)?.payload;
    return {
      upsert: async (id, payload, expiresInSeconds) => {
        const dropAt = this.#now() + expiresInSeconds * 1000 + KEPT_AFTER_EXPIRY_MS;
        this.#dropOld();
        this.#entries.set(key(id), { model, payload: structuredClone(payload), dropAt });
      },
      find: async (id) => {
        this.#dropOld();
        return this.#entries.get(key(id))?.payload;
      },
      findByUid: async (uid) => findBy('uid', uid),
      findByUserCode: async (userCode) => findBy('userCode', userCode),
      consume: async (id) => {
        const entry = this.#entries.get(key(id));
        if (entry) entry.payload.consumed = Math.floor(this.#now() / 1000);
      },
      destroy: async (id) => {
        this.#entries.delete(key(id));
      },
      revokeByGrantId: async (grantId) => {
        for (const [entryKey, entry] of this.#entries) {
          if (entry.model === model && entry.payload.grantId === grantId) this.#entries.delete(entryKey);
        }
      },
    };
  }

  #live(): Entry[] {
    this.#dropOld();
    return [...this.#entries.values()];
  }

  #dropOld(): void {
    for (const [key, entry] of this.#entries) if (entry.dropAt <= this.#now()) this.#entries.delete(key);
  }
}
