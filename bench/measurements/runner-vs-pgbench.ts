import type { Bench, Measured } from '../support/bench.ts';
import { startDurablePostgres } from '../support/durable-postgres.ts';
import { createInvoices, INVOICES } from '../support/invoices.ts';
import { runnerAgainstPgbench, serverVersion } from '../support/runner-against-pgbench.ts';
import { findWriteBaseline } from '../support/write-baseline.ts';

const CONNECTIONS = [1, 8, 16] as const;
const ROUND_SECONDS = 1;

/**
 * How much of what PostgreSQL can take the runner makes use of: jobs verified and applied, one statement each, against
 * the same statement from a program that does nothing else. Rows are disjoint, and every commit waits for the disk.
 */
export async function runnerVsPgbench(bench: Bench): Promise<Measured> {
  const postgres = await startDurablePostgres();
  try {
    await createInvoices(postgres);
    const baseline = await findWriteBaseline();
    const results: Record<string, unknown> = {};
    const lines = [];
    for (const connections of CONNECTIONS) {
      const compared = await runnerAgainstPgbench(bench, {
        postgres,
        address: postgres,
        baseline,
        connections,
        seconds: ROUND_SECONDS,
        ...(connections === 8 ? { goal: '>= 0.80' } : {}),
      });
      results[connections] = compared.result;
      lines.push(...compared.lines);
    }
    const settings = {
      baseline: baseline.name,
      server: await serverVersion(postgres),
      rows: INVOICES,
      fsync: true,
    };
    return { results: { runner_vs_pgbench: { ...results, ...settings } }, lines };
  } finally {
    await postgres.stop();
  }
}
