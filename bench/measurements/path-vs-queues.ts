import type { Bench, Measured } from '../support/bench.ts';
import { startBenchPlane } from '../support/bench-plane.ts';
import { type DurablePostgres, startDurablePostgres } from '../support/durable-postgres.ts';
import { startGraphileQueue } from '../support/graphile-queue.ts';
import type { InvoiceWrite } from '../support/guarded-write.ts';
import { checkWritten, createInvoices, resetInvoices } from '../support/invoices.ts';
import { type PeerQueue, PeerWrites } from '../support/peer-queue.ts';
import { startPgBossQueue } from '../support/pgboss-queue.ts';
import { checkApplied, drainOnly, jobsOf, RUNNER, wholePath } from '../support/product-path.ts';
import { interleaved, ratios } from '../support/rounds.ts';
import { type Spread, spreadOf } from '../support/statistics.ts';
import { spreadLine } from '../support/table.ts';

/** A peer gets more, so that what it needs to begin and to end weighs as little on it as can be. */
const JOBS = { quick: { ours: 200, peer: 2_000 }, full: { ours: 600, peer: 10_000 } } as const;

/** Jobs per second. */
interface PathRates {
  readonly whole: number;
  readonly drain: number;
}
type Parts = Record<'ours' | 'graphile' | 'pgboss', PathRates[]>;

/**
 * The whole way of a change, from the first request until the last one is done and known to be done, against the
 * queues that a team would otherwise build on, doing the same guarded write to the same server. A queue has no proposal
 * and no approval, so beside the whole stands the part that both have: from approved, or enqueued, to done.
 */
export async function pathVsQueues(bench: Bench): Promise<Measured> {
  const postgres = await startDurablePostgres();
  const product = await startBenchPlane(bench);
  await createInvoices(postgres);
  const graphile = await startGraphileQueue<InvoiceWrite>(postgres, new PeerWrites(postgres.url));
  const pgboss = await startPgBossQueue<InvoiceWrite>(postgres, new PeerWrites(postgres.url));
  const counts = JOBS[bench.isQuick ? 'quick' : 'full'];
  let proposed = 0;
  const ours = async (path: typeof wholePath) => {
    await resetInvoices(postgres);
    const seconds = await path(product, postgres, jobsOf(counts.ours));
    await checkWritten(postgres, counts.ours);
    proposed += counts.ours;
    await checkApplied(product, proposed);
    return counts.ours / seconds;
  };
  try {
    const rates: Parts = await interleaved<keyof Parts, PathRates>(bench.rounds, {
      ours: async () => ({ whole: await ours(wholePath), drain: await ours(drainOnly) }),
      graphile: () => peerRates(postgres, graphile, counts.peer),
      pgboss: () => peerRates(postgres, pgboss, counts.peer),
    });
    return measured(rates, counts);
  } finally {
    await graphile.stop();
    await pgboss.stop();
    await product.plane.stop();
    await postgres.stop();
  }
}

async function peerRates(postgres: DurablePostgres, queue: PeerQueue, count: number): Promise<PathRates> {
  await queue.clear();
  await resetInvoices(postgres);
  const jobs = jobsOf(count);
  const startedAt = performance.now();
  await queue.enqueue(jobs);
  const enqueuedAt = performance.now();
  await queue.done(count);
  const doneAt = performance.now();
  await checkWritten(postgres, count);
  return {
    whole: count / ((doneAt - startedAt) / 1_000),
    drain: count / ((doneAt - enqueuedAt) / 1_000),
  };
}

function measured({ ours, graphile, pgboss }: Parts, counts: (typeof JOBS)['quick' | 'full']): Measured {
  const own = spreadsOf(ours);
  const against = (name: string, peer: readonly PathRates[], settings: object) => {
    const rates = spreadsOf(peer);
    const ratio = { whole: ratioOf('whole', ours, peer), drain: ratioOf('drain', ours, peer) };
    return {
      result: {
        ratio: ratio.whole.median,
        whole: { ratio_spread: ratio.whole, ours_per_second: own.whole, peer_per_second: rates.whole },
        drain: { ratio_spread: ratio.drain, ours_per_second: own.drain, peer_per_second: rates.drain },
        jobs: counts,
        runner: RUNNER,
        peer: settings,
      },
      lines: [
        spreadLine(`${name} jobs/s, enqueued to done`, rates.whole),
        spreadLine(`${name} jobs/s, from enqueued to done only`, rates.drain),
        spreadLine(`whole path / ${name}`, ratio.whole, '>= 1.0'),
        spreadLine(`approved to done / ${name} drain`, ratio.drain),
      ],
    };
  };
  const vsGraphile = against('graphile-worker', graphile, {
    concurrent: 24,
    local_queue: 500,
    complete_batch_delay_ms: 0,
  });
  const vsPgBoss = against('pg-boss', pgboss, {
    batch: 100,
    workers: 4,
    burst_when_batch_full: true,
    notify: true,
  });
  return {
    results: { path_vs_graphile: vsGraphile.result, path_vs_pgboss: vsPgBoss.result },
    lines: [
      spreadLine('changes/s, proposed over HTTP to applied', own.whole),
      spreadLine('changes/s, from approved to applied only', own.drain),
      ...vsGraphile.lines,
      ...vsPgBoss.lines,
    ],
  };
}

function spreadsOf(rates: readonly PathRates[]): Record<keyof PathRates, Spread> {
  return {
    whole: spreadOf(rates.map(({ whole }) => whole)),
    drain: spreadOf(rates.map(({ drain }) => drain)),
  };
}

function ratioOf(part: keyof PathRates, ours: readonly PathRates[], peer: readonly PathRates[]): Spread {
  const of = (rates: readonly PathRates[]) => rates.map((rate) => rate[part]);
  return spreadOf(ratios(of(ours), of(peer)));
}
