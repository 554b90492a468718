import pg from 'pg';
import type { Bench, TableLine } from './bench.ts';
import type { DurablePostgres, PostgresAddress } from './durable-postgres.ts';
import { claimedWrite, invoiceWrite } from './guarded-write.ts';
import { resetInvoices, sourceConfig } from './invoices.ts';
import { interleaved, ratios } from './rounds.ts';
import { runnerApplies } from './runner-applies.ts';
import { spreadOf } from './statistics.ts';
import { spreadLine } from './table.ts';
import type { WriteBaseline } from './write-baseline.ts';

export interface Comparison {
  readonly postgres: DurablePostgres;
  /** Where both sides connect to. */
  readonly address: PostgresAddress;
  readonly baseline: WriteBaseline;
  readonly connections: number;
  readonly seconds: number;
  readonly goal?: string;
}

/** Lets the runner's applies and the bare statement take turns over as many connections each. */
export async function runnerAgainstPgbench(bench: Bench, comparison: Comparison) {
  const { postgres, address, baseline, connections, seconds } = comparison;
  const source = sourceConfig(connections);
  const afresh = async (run: () => Promise<number>) => {
    await resetInvoices(postgres);
    return run();
  };
  const parts = {
    runner: () =>
      afresh(() => runnerApplies({ source, url: address.url, seconds, claimed: jobs(connections) })),
    bare: () => afresh(async () => (await baseline.run(address, connections, seconds)).writesPerSecond),
  };
  return measured(comparison, await interleaved(bench.rounds, parts));
}

/** The writes that pgbench does, lane by lane, as claimed jobs. */
function jobs(lanes: number): (lane: number) => unknown {
  const counts = Array.from({ length: lanes }, () => 0);
  return (lane) => {
    const count = counts[lane] ?? 0;
    counts[lane] = count + 1;
    return claimedWrite(invoiceWrite(lane, lanes, count));
  };
}

function measured(
  { baseline, connections, goal }: Comparison,
  { runner, bare }: Record<'runner' | 'bare', number[]>,
) {
  const ratio = spreadOf(ratios(runner, bare));
  const lines: TableLine[] = [
    spreadLine(`runner applies/s, ${connections} connections`, spreadOf(runner)),
    spreadLine(`${baseline.name}, the same statement/s`, spreadOf(bare)),
    spreadLine(`runner / bare, ${connections} connections`, ratio, goal),
  ];
  const result = {
    ratio: ratio.median,
    ratio_spread: ratio,
    runner_applies_per_second: spreadOf(runner),
    baseline_writes_per_second: spreadOf(bare),
  };
  return { result, lines };
}

export async function serverVersion({ url }: PostgresAddress): Promise<string> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const { rows } = await client.query<{ server_version: string }>('SHOW server_version');
  await client.end();
  return `PostgreSQL ${rows[0]?.server_version}`;
}
