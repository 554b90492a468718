import type { Bench, Measured } from '../support/bench.ts';
import { type BenchPlane, startBenchPlane } from '../support/bench-plane.ts';
import { type HttpConnection, withConnection } from '../support/http-connection.ts';
import { lateFeeRequest } from '../support/late-fee-request.ts';
import { LiveReaders } from '../support/live-readers.ts';
import { TENANT } from '../support/names.ts';
import { interleaved } from '../support/rounds.ts';
import { percentile, rounded } from '../support/statistics.ts';
import { valueLine } from '../support/table.ts';

const SAMPLES = { quick: 20, full: 80 } as const;
const READERS = [1, 50] as const;

/** Milliseconds since a result was sent in. */
interface Sample {
  /** Until its answer was here. */
  readonly answered: number;
  /** Until the last reader had been told. */
  readonly told: number;
}

/**
 * How long it takes until everybody who looks at a project is told that a change was applied, against what the request
 * that reported it takes by itself in the same moment: with one reader, and with fifty.
 */
export async function liveFeed(bench: Bench): Promise<Measured> {
  const product = await startBenchPlane(bench);
  const { approverToken } = bench.issuer;
  const reader = {
    url: product.plane.url,
    token: () => approverToken,
    userAgent: 'bench',
    projectId: TENANT,
  };
  const count = SAMPLES[bench.isQuick ? 'quick' : 'full'];
  const round = (readers: number) => async () => {
    const live = await LiveReaders.open(reader, readers);
    try {
      return await withConnection(product.origin, (connection) =>
        samplesOf(product, connection, live, count),
      );
    } finally {
      await live.close();
    }
  };
  const [one, fifty] = READERS;
  try {
    const parts = { one: round(one), fifty: round(fifty) };
    await interleaved(1, parts);
    const taken = await interleaved(bench.rounds, parts);
    return measured([
      [one, taken.one.flat()],
      [fifty, taken.fifty.flat()],
    ]);
  } finally {
    await product.plane.stop();
  }
}

async function samplesOf(
  product: BenchPlane,
  connection: HttpConnection,
  live: LiveReaders,
  count: number,
): Promise<readonly Sample[]> {
  const taken: Sample[] = [];
  while (taken.length < count) taken.push(await sampleOf(product, connection, live));
  return taken;
}

async function sampleOf(
  { calls }: BenchPlane,
  connection: HttpConnection,
  live: LiveReaders,
): Promise<Sample> {
  const id = await calls.propose(
    connection,
    lateFeeRequest({ invoice: 'INV-1', version: 1, from: 5_500, to: 0 }),
  );
  await calls.approve(connection, id);
  const [job] = await calls.claim(connection, { limit: 1 });
  if (job === undefined) throw new Error('there was no job to report');
  const told = live.ended(id);
  const sentAt = performance.now();
  const answered = calls.report(connection, job).then(() => performance.now() - sentAt);
  return { answered: await answered, told: (await told) - sentAt };
}

function measured(levels: readonly (readonly [readers: number, samples: readonly Sample[]])[]): Measured {
  const figures = levels.map(([readers, taken]) => ({ readers, count: taken.length, ...figuresOf(taken) }));
  return {
    results: {
      live_feed: Object.fromEntries(figures.map(({ readers, ...rest }) => [`readers_${readers}`, rest])),
    },
    lines: figures.flatMap(({ readers, after_answer_ms, ratio, request_ms, told_ms }) => [
      valueLine(`report of a result, ${readers} readers, p50 ms`, request_ms.p50),
      valueLine('... until the last reader is told, p50 ms', told_ms.p50),
      valueLine('... p99 ms', told_ms.p99),
      valueLine('... behind the answer, p50 ms', after_answer_ms.p50),
      valueLine('... p99 ms', after_answer_ms.p99),
      valueLine('... told / request, p50', ratio.p50),
      valueLine('... p99', ratio.p99),
    ]),
  };
}

function figuresOf(taken: readonly Sample[]) {
  const of = (pick: (sample: Sample) => number) => {
    const values = taken.map(pick);
    return { p50: rounded(percentile(values, 0.5)), p99: rounded(percentile(values, 0.99)) };
  };
  const [request_ms, told_ms] = [of(({ answered }) => answered), of(({ told }) => told)];
  return {
    request_ms,
    told_ms,
    /** Less than nothing where the reader is told before the answer is here. */
    after_answer_ms: of(({ answered, told }) => told - answered),
    ratio: { p50: rounded(told_ms.p50 / request_ms.p50), p99: rounded(told_ms.p99 / request_ms.p99) },
  };
}
