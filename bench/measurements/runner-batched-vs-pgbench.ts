import { setTimeout as sleep } from 'node:timers/promises';
import type { Bench, Measured } from '../support/bench.ts';
import { type DurablePostgres, startDurablePostgres } from '../support/durable-postgres.ts';
import { checkWritten, createInvoices, resetInvoices } from '../support/invoices.ts';
import { JobFeed } from '../support/job-feed.ts';
import { interleaved, ratios } from '../support/rounds.ts';
import { startRunnerLoops } from '../support/runner-loops.ts';
import { spreadOf } from '../support/statistics.ts';
import { spreadLine } from '../support/table.ts';
import { findWriteBaseline } from '../support/write-baseline.ts';

/** The most lanes that a runner can have: what one claim brings, they can carry out together. */
const RUNNER = { lanes: 50, connections: 16 } as const;
const BASELINE_CONNECTIONS = [8, 16] as const;
const ROUND_SECONDS = 1;
/** Opens the connections, which the other side does not count either. */
const WARM_UP = 500;
/** More than a round can take; less than there are invoices. */
const ENOUGH = 99_000;

type Rates = Record<'ten' | 'fifty' | 'bare', number[]>;

/**
 * What the runner makes of jobs that wait: its loops are given claims of 10 or of 50 at a time, and the rows that it
 * applies count against the best rate at which pgbench gets the same write done one by one.
 */
export async function runnerBatchedVsPgbench(bench: Bench): Promise<Measured> {
  const postgres = await startDurablePostgres();
  try {
    await createInvoices(postgres);
    const baseline = await findWriteBaseline();
    const bare = async () => {
      const rates: number[] = [];
      for (const connections of BASELINE_CONNECTIONS) {
        await resetInvoices(postgres);
        rates.push((await baseline.run(postgres, connections, ROUND_SECONDS)).writesPerSecond);
      }
      return Math.max(...rates);
    };
    const rates = await interleaved(bench.rounds, {
      ten: () => appliesPerSecond(postgres, 10),
      fifty: () => appliesPerSecond(postgres, 50),
      bare,
    });
    return measured(baseline.name, rates);
  } finally {
    await postgres.stop();
  }
}

async function appliesPerSecond(postgres: DurablePostgres, batch: number): Promise<number> {
  await resetInvoices(postgres);
  const feed = new JobFeed(batch);
  const loops = startRunnerLoops(feed, postgres.url, RUNNER);
  await feed.order(WARM_UP);
  const startedAt = performance.now();
  const done = feed.order(ENOUGH);
  await Promise.race([done, sleep(ROUND_SECONDS * 1_000)]);
  feed.close();
  await done;
  const seconds = (performance.now() - startedAt) / 1_000;
  const { applied } = feed;
  await loops.stop();
  await checkWritten(postgres, applied);
  return (applied - WARM_UP) / seconds;
}

function measured(baseline: string, { ten, fifty, bare }: Rates): Measured {
  const result = (rates: readonly number[]) => {
    const ratio = spreadOf(ratios(rates, bare));
    return { ratio: ratio.median, ratio_spread: ratio, runner_applies_per_second: spreadOf(rates) };
  };
  const [ofTen, ofFifty] = [result(ten), result(fifty)];
  return {
    results: {
      runner_batched_vs_pgbench: {
        10: ofTen,
        50: ofFifty,
        baseline_writes_per_second: spreadOf(bare),
        baseline: `${baseline}, the better of ${BASELINE_CONNECTIONS.join(' and ')} connections`,
        runner: RUNNER,
      },
    },
    lines: [
      spreadLine('runner applies/s, claims of 10', ofTen.runner_applies_per_second),
      spreadLine('runner applies/s, claims of 50', ofFifty.runner_applies_per_second),
      spreadLine(`${baseline}, one statement a write, at best/s`, spreadOf(bare)),
      spreadLine('runner / bare, claims of 10', ofTen.ratio_spread, '>= 3.5'),
      spreadLine('runner / bare, claims of 50', ofFifty.ratio_spread, '>= 6'),
    ],
  };
}
