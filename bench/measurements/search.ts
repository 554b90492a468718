import { setTimeout } from 'node:timers/promises';
import type { Bench, Measured } from '../support/bench.ts';
import { type BenchPlane, startBenchPlane } from '../support/bench-plane.ts';
import { type HttpConnection, withConnection } from '../support/http-connection.ts';
import { getJson } from '../support/json-call.ts';
import { lateFeeRequest } from '../support/late-fee-request.ts';
import { TENANT } from '../support/names.ts';
import { interleaved, ratios, samples } from '../support/rounds.ts';
import { addSearchable, RARE_HITS, SOUGHT } from '../support/searchable-backlog.ts';
import { percentile, rounded, spreadOf } from '../support/statistics.ts';
import { spreadLine, valueLine } from '../support/table.ts';

const PROPOSALS = { quick: 5_000, full: 100_000 } as const;
const SAMPLES = { quick: 50, full: 200 } as const;
const LIMIT = 20;
/** Each look indexes a little itself; looking more often would be what is measured. */
const LOOK_EVERY_MS = 250;
const PATIENCE_MS = 600_000;

type Sought = keyof typeof SOUGHT;
const sought = Object.keys(SOUGHT) as Sought[];
const names: Record<Sought, string> = { rare: 'a rare word', common: 'a word in all', phrase: 'a phrase' };
const hits: Record<Sought, number> = { rare: RARE_HITS, common: LIMIT, phrase: LIMIT };

interface Found {
  readonly results: readonly unknown[];
  readonly is_complete: boolean;
}

/**
 * A search of the newest hits among many proposals, by who may see payloads, against reading one proposal by its id;
 * and how long the index takes to follow a ledger that it has not seen.
 */
export async function search(bench: Bench): Promise<Measured> {
  const length = bench.isQuick ? 'quick' : 'full';
  const product = await startBenchPlane(bench);
  try {
    const id = await withConnection(product.origin, (connection) =>
      product.calls.propose(connection, lateFeeRequest({ invoice: 'INV-0', version: 7, from: 5_500, to: 0 })),
    );
    await addSearchable(product.plane, PROPOSALS[length]);
    const asker = new Asker(bench, product);
    const caughtUpMs = await asker.catchUp();
    const timed = (one: (connection: HttpConnection) => Promise<void>) => () =>
      asker.times(SAMPLES[length], one);
    const parts = {
      read: timed((connection) => asker.read(connection, id)),
      rare: timed((connection) => asker.find(connection, 'rare')),
      common: timed((connection) => asker.find(connection, 'common')),
      phrase: timed((connection) => asker.find(connection, 'phrase')),
    };
    await interleaved(1, parts);
    return measured(PROPOSALS[length], caughtUpMs, await interleaved(bench.rounds, parts));
  } finally {
    await product.plane.stop();
  }
}

/** One who reads and searches, one request at a time. */
class Asker {
  readonly #origin: URL;
  readonly #asking: { readonly host: string; readonly token: string };

  constructor({ issuer }: Bench, { origin }: BenchPlane) {
    this.#origin = origin;
    this.#asking = { host: origin.host, token: issuer.approverToken };
  }

  /** Milliseconds from the first search until one is answered from the whole ledger. */
  catchUp(): Promise<number> {
    return withConnection(this.#origin, async (connection) => {
      const begunAt = performance.now();
      while (!(await this.#search(connection, 'common')).is_complete) {
        if (performance.now() - begunAt > PATIENCE_MS) throw new Error('the index does not catch up');
        await setTimeout(LOOK_EVERY_MS);
      }
      return performance.now() - begunAt;
    });
  }

  times(count: number, one: (connection: HttpConnection) => Promise<void>): Promise<number[]> {
    return withConnection(this.#origin, (connection) =>
      samples(count, async () => {
        const begunAt = performance.now();
        await one(connection);
        return performance.now() - begunAt;
      }),
    );
  }

  async read(connection: HttpConnection, id: string): Promise<void> {
    await getJson(connection, this.#asking, `/v1/proposals/${id}?project_id=${TENANT}`);
  }

  /** Throws unless it finds as much as there is. */
  async find(connection: HttpConnection, what: Sought): Promise<void> {
    const { results } = await this.#search(connection, what);
    if (results.length !== hits[what])
      throw new Error(`${results.length} hits of ${SOUGHT[what]}, and not ${hits[what]}`);
  }

  #search(connection: HttpConnection, what: Sought): Promise<Found> {
    const q = encodeURIComponent(SOUGHT[what]);
    return getJson<Found>(connection, this.#asking, `/v1/search?project_id=${TENANT}&q=${q}&limit=${LIMIT}`);
  }
}

function measured(
  proposals: number,
  caughtUpMs: number,
  times: Record<'read' | Sought, readonly (readonly number[])[]>,
): Measured {
  const at = (what: 'read' | Sought, share: number) => times[what].map((round) => percentile(round, share));
  const of = (what: 'read' | Sought) => ({ p50: spreadOf(at(what, 0.5)), p99: spreadOf(at(what, 0.99)) });
  const ratioOf = (what: Sought) => spreadOf(ratios(at(what, 0.5), at('read', 0.5)));
  const perSecond = rounded((proposals * 1_000) / caughtUpMs);
  return {
    results: {
      search: {
        ratio: ratioOf('rare').median,
        proposals,
        ...Object.fromEntries(
          sought.map((what) => [what, { ms: of(what), ratio_to_read: ratioOf(what), hits: hits[what] }]),
        ),
        read_by_id: { ms: of('read') },
        catch_up: { seconds: rounded(caughtUpMs / 1_000), entries_per_second: perSecond },
      },
    },
    lines: [
      valueLine('proposals searched', proposals),
      ...sought.flatMap((what) => [
        spreadLine(`search: ${names[what]}, ms (p50)`, of(what).p50),
        spreadLine('  p99', of(what).p99),
        spreadLine('  / reading a proposal by its id, p50', ratioOf(what)),
      ]),
      spreadLine('reading a proposal by its id, ms (p50)', of('read').p50),
      spreadLine('  p99', of('read').p99),
      valueLine('the index catches up, s', caughtUpMs / 1_000),
      valueLine('  entries/s', perSecond),
    ],
  };
}
