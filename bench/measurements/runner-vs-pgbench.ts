import { PostgresDatabase } from '@countersign/runner/databases/postgres/postgres-database';
import type { Authority } from '@countersign/runner/databases/source-database';
import { verifyClaim } from '@countersign/runner/verify/verify-claim';
import pg from 'pg';
import type { Bench, Measured } from '../support/bench.ts';
import { type DurablePostgres, startDurablePostgres } from '../support/durable-postgres.ts';
import { claimedWrite, invoiceWrite } from '../support/guarded-write.ts';
import { createInvoices, INVOICES, resetInvoices, sourceConfig } from '../support/invoices.ts';
import { RUNNER, SOURCE, TENANT } from '../support/names.ts';
import { interleaved, ratios } from '../support/rounds.ts';
import { spreadOf } from '../support/statistics.ts';
import { spreadLine } from '../support/table.ts';
import { findWriteBaseline, type WriteBaseline } from '../support/write-baseline.ts';

const CONNECTIONS = [1, 8, 16] as const;
const ROUND_SECONDS = { quick: 1, full: 2 } as const;

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
      const { runner, bare } = await rates(bench, postgres, baseline, connections);
      const ratio = spreadOf(ratios(runner, bare));
      results[connections] = {
        ratio: ratio.median,
        ratio_spread: ratio,
        runner_applies_per_second: spreadOf(runner),
        baseline_writes_per_second: spreadOf(bare),
      };
      lines.push(
        spreadLine(`runner applies/s, ${connections} connections`, spreadOf(runner)),
        spreadLine(`${baseline.name}, the same statement/s`, spreadOf(bare)),
        spreadLine(
          `runner / bare, ${connections} connections`,
          ratio,
          connections === 8 ? '>= 0.80' : undefined,
        ),
      );
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

async function rates(bench: Bench, postgres: DurablePostgres, baseline: WriteBaseline, connections: number) {
  const seconds = ROUND_SECONDS[bench.isQuick ? 'quick' : 'full'];
  const afresh = async (run: () => Promise<number>) => {
    await resetInvoices(postgres);
    return run();
  };
  const parts = {
    runner: () => afresh(() => runnerApplies(postgres, connections, seconds)),
    bare: () => afresh(() => baseline.run(postgres, connections, seconds)),
  };
  await interleaved(1, parts);
  return interleaved(bench.rounds, parts);
}

/** The lease is not what is measured here: it holds. */
const held: Authority = { holds: () => true, regain: () => Promise.resolve(true) };

/** Verifies and applies jobs on as many lanes as the pool has connections; returns applies per second. */
async function runnerApplies(
  { url }: DurablePostgres,
  connections: number,
  seconds: number,
): Promise<number> {
  const source = sourceConfig(connections);
  const scope = { sourceId: SOURCE, projectId: TENANT, source };
  const database = new PostgresDatabase(source, url);
  const { signal } = new AbortController();
  const apply = async (lane: number, count: number) => {
    const claim = verifyClaim(scope, claimedWrite(invoiceWrite(lane, connections, count)));
    if (claim.kind !== 'accepted') throw new Error(`the job was ${claim.kind}: ${claim.reason}`);
    const { attempt, leaseId } = claim.terms;
    const outcome = await database.apply(claim.plan, { attempt, leaseId, runnerId: RUNNER }, held, signal);
    if (outcome.kind !== 'applied') throw new Error(`the job ended as ${outcome.kind}`);
  };
  // Each lane's first apply opens its connection, which the other side does not count either.
  await Promise.all(Array.from({ length: connections }, (_, lane) => apply(lane, 0)));
  const end = performance.now() + seconds * 1_000;
  let applied = 0;
  const work = async (lane: number) => {
    for (let count = 1; performance.now() < end; count += 1) {
      await apply(lane, count);
      applied += 1;
    }
  };
  await Promise.all(Array.from({ length: connections }, (_, lane) => work(lane)));
  await database.close();
  return applied / seconds;
}

async function serverVersion({ url }: DurablePostgres): Promise<string> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const { rows } = await client.query<{ server_version: string }>('SHOW server_version');
  await client.end();
  return `PostgreSQL ${rows[0]?.server_version}`;
}
