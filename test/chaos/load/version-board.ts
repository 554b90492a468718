import { setTimeout as pause } from 'node:timers/promises';
import type { Shop } from '../world/shop.ts';

const BETWEEN_MS = 150;

/** The versions of a database's rows, as of a moment ago. While the database is away they stay as they were. */
export class VersionBoard {
  readonly #shop: Shop;
  #versions: ReadonlyMap<string, number> = new Map();
  #wakes: (() => void)[] = [];

  constructor(shop: Shop) {
    this.#shop = shop;
  }

  versionOf(row: string): number | undefined {
    return this.#versions.get(row);
  }

  /** Looks again and again, until the signal. */
  async run(isOver: AbortSignal): Promise<void> {
    while (!isOver.aborted) {
      this.#versions = await this.#shop.versions().catch(() => this.#versions);
      for (const wake of this.#wakes.splice(0)) wake();
      await pause(BETWEEN_MS, undefined, { signal: isOver }).catch(() => undefined);
    }
    for (const wake of this.#wakes.splice(0)) wake();
  }

  /** Resolves when the row has left that version, at the latest after so long. */
  async moved(row: string, version: number, longestMs: number): Promise<void> {
    const until = performance.now() + longestMs;
    while (this.versionOf(row) === version && performance.now() < until) {
      const { promise, resolve } = Promise.withResolvers<void>();
      this.#wakes.push(resolve);
      await Promise.race([promise, pause(longestMs, undefined, { ref: false })]);
    }
  }
}
