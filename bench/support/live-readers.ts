import type { Connection } from '@countersign/client/http';
import { watchLive } from '@countersign/client/live';
import { until } from './rounds.ts';

/** Readers of a live feed in this process, each on a socket of its own, by the client that pages use. */
export class LiveReaders {
  readonly #stop = new AbortController();
  readonly #watching: readonly Promise<void>[];
  readonly #count: number;
  #live = 0;
  /** By proposal: how many readers have not been told yet that it ended, and who waits for the last of them. */
  readonly #expected = new Map<string, { missing: number; readonly told: PromiseWithResolvers<number> }>();

  private constructor(connection: Connection, count: number) {
    this.#count = count;
    const { signal } = this.#stop;
    this.#watching = Array.from({ length: count }, () =>
      watchLive({
        connection,
        signal,
        listener: {
          state: ({ kind }) => {
            if (kind === 'live') this.#live += 1;
          },
          reset: () => undefined,
          changed: ({ entries }) => {
            const ended = entries.filter(({ kind }) => kind === 'writeback.result');
            for (const { proposal_id } of ended) this.#hear(proposal_id ?? '');
          },
        },
      }),
    );
  }

  /** Resolves when all of them are told of what happens. */
  static async open(connection: Connection, count: number): Promise<LiveReaders> {
    const readers = new LiveReaders(connection, count);
    await until('all readers are live', async () => readers.#live >= count);
    return readers;
  }

  /** When the last of them has been told that this proposal ended, as `performance.now()` has it. */
  ended(proposalId: string): Promise<number> {
    const told = Promise.withResolvers<number>();
    this.#expected.set(proposalId, { missing: this.#count, told });
    return told.promise;
  }

  async close(): Promise<void> {
    this.#stop.abort();
    await Promise.all(this.#watching);
  }

  #hear(proposalId: string): void {
    const expected = this.#expected.get(proposalId);
    if (expected === undefined) return;
    expected.missing -= 1;
    if (expected.missing > 0) return;
    this.#expected.delete(proposalId);
    expected.told.resolve(performance.now());
  }
}
