import pg from 'pg';
import type { Bench, Measured, TableLine } from '../support/bench.ts';
import { startDelayingProxy } from '../support/delaying-proxy.ts';
import { type PostgresAddress, startDurablePostgres } from '../support/durable-postgres.ts';
import { createInvoices } from '../support/invoices.ts';
import { samples } from '../support/rounds.ts';
import { runnerAgainstPgbench, serverVersion } from '../support/runner-against-pgbench.ts';
import { median, rounded } from '../support/statistics.ts';
import { valueLine } from '../support/table.ts';
import { findWriteBaseline } from '../support/write-baseline.ts';

const DELAY_MS = 1;
const CONNECTIONS = [8, 16] as const;
const ROUND_SECONDS = 1;
const ROUND_TRIPS = 200;

/**
 * As `runner_vs_pgbench`, with a network between: where every round trip costs a millisecond, it counts how many of
 * them a write takes. Both sides go over the same proxy, a process of its own.
 */
export async function runnerVsPgbenchOverNetwork(bench: Bench): Promise<Measured> {
  const postgres = await startDurablePostgres();
  const proxy = await startDelayingProxy(postgres, DELAY_MS);
  try {
    await createInvoices(postgres);
    const baseline = await findWriteBaseline();
    const added = (await roundTripMs(proxy.address)) - (await roundTripMs(postgres));
    const results: Record<string, unknown> = {};
    const lines: TableLine[] = [valueLine('added to a round trip by the proxy, ms', added)];
    for (const connections of CONNECTIONS) {
      const { address } = proxy;
      const comparison = { postgres, address, baseline, connections, seconds: ROUND_SECONDS };
      const compared = await runnerAgainstPgbench(bench, {
        ...comparison,
        ...(connections === 8 ? { goal: '>= 0.90' } : {}),
      });
      results[connections] = compared.result;
      lines.push(...compared.lines);
    }
    const settings = {
      delay_ms: DELAY_MS,
      added_round_trip_ms: rounded(added),
      baseline: baseline.name,
      server: await serverVersion(postgres),
    };
    return { results: { runner_vs_pgbench_over_network: { ...results, ...settings } }, lines };
  } finally {
    await proxy.stop();
    await postgres.stop();
  }
}

/** The median of asking for nothing on an idle server. */
async function roundTripMs({ url }: PostgresAddress): Promise<number> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const taken = await samples(ROUND_TRIPS, async () => {
    const sentAt = performance.now();
    await client.query('SELECT 1');
    return performance.now() - sentAt;
  });
  await client.end();
  return median(taken);
}
