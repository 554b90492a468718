import type { Bench, Measured } from '../support/bench.ts';
import { type DurablePostgres, startDurablePostgres } from '../support/durable-postgres.ts';
import { claimedWrite, invoiceWrite } from '../support/guarded-write.ts';
import { checkWritten, createInvoices, resetInvoices, sourceConfig } from '../support/invoices.ts';
import { interleaved, ratios } from '../support/rounds.ts';
import { runnerApplies } from '../support/runner-applies.ts';
import { spreadOf } from '../support/statistics.ts';
import { spreadLine } from '../support/table.ts';
import { findWriteBaseline } from '../support/write-baseline.ts';

const CONNECTIONS = 8;
const BASELINE_CONNECTIONS = [8, 16] as const;
const ROUND_SECONDS = 1;

type Rates = Record<'ten' | 'fifty' | 'bare', number[]>;

/**
 * What the runner makes of jobs that wait: each of its connections is given 10 or 50 at a time, as a claim brings them,
 * and the rows that it applies count against the best rate at which pgbench gets the same write done one by one.
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
  let given = 0;
  const claimed = () => {
    given += 1;
    return claimedWrite(invoiceWrite(0, 1, given - 1));
  };
  const source = sourceConfig(CONNECTIONS);
  const rate = await runnerApplies({ source, url: postgres.url, seconds: ROUND_SECONDS, claimed, batch });
  await checkWritten(postgres, given);
  return rate;
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
        connections: CONNECTIONS,
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
