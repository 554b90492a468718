import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { approveToApplied } from './measurements/approve-to-applied.ts';
import { celEvaluation } from './measurements/cel-evaluation.ts';
import { claimRowsRead } from './measurements/claim-rows-read.ts';
import { controlPlaneVsD1 } from './measurements/control-plane-vs-d1.ts';
import { d1Rows } from './measurements/d1-rows.ts';
import { dashboard } from './measurements/dashboard.ts';
import { explanations } from './measurements/explanations.ts';
import { governedProposals } from './measurements/governed-proposals.ts';
import { heldPolls } from './measurements/held-polls.ts';
import { ledgerVerification } from './measurements/ledger-verification.ts';
import { liveFeed } from './measurements/live-feed.ts';
import { manyTenants } from './measurements/many-tenants.ts';
import { outboxVsQueues } from './measurements/outbox-vs-queues.ts';
import { pathVsQueues } from './measurements/path-vs-queues.ts';
import { runnerBatchedVsPgbench } from './measurements/runner-batched-vs-pgbench.ts';
import { runnerCpu } from './measurements/runner-cpu.ts';
import { runnerMemory } from './measurements/runner-memory.ts';
import { runnerVsMysql } from './measurements/runner-vs-mysql.ts';
import { runnerVsPgbench } from './measurements/runner-vs-pgbench.ts';
import { runnerVsPgbenchOverNetwork } from './measurements/runner-vs-pgbench-over-network.ts';
import { search } from './measurements/search.ts';
import { type Bench, type Measured, openBench } from './support/bench.ts';
import { machine } from './support/machine.ts';
import { renderTable } from './support/table.ts';

/** In this order; each starts what it measures afresh. The keys are those of the results. */
const measurements: Readonly<
  Record<string, { keys: readonly string[]; measure(bench: Bench): Promise<Measured> }>
> = {
  control_plane_vs_d1: { keys: ['control_plane_vs_d1'], measure: controlPlaneVsD1 },
  approve_to_applied: {
    keys: ['approve_to_applied_ms', 'approve_to_applied_vs_floor'],
    measure: approveToApplied,
  },
  d1_rows: { keys: ['d1_rows'], measure: d1Rows },
  claim_rows_read: { keys: ['claim_rows_read'], measure: claimRowsRead },
  runner_vs_pgbench: { keys: ['runner_vs_pgbench'], measure: runnerVsPgbench },
  runner_vs_pgbench_over_network: {
    keys: ['runner_vs_pgbench_over_network'],
    measure: runnerVsPgbenchOverNetwork,
  },
  runner_batched_vs_pgbench: { keys: ['runner_batched_vs_pgbench'], measure: runnerBatchedVsPgbench },
  runner_vs_mysql: { keys: ['runner_vs_mysql'], measure: runnerVsMysql },
  runner_cpu: { keys: ['runner_cpu'], measure: runnerCpu },
  runner_memory: { keys: ['runner_memory'], measure: runnerMemory },
  path_vs_queues: { keys: ['path_vs_graphile', 'path_vs_pgboss'], measure: pathVsQueues },
  outbox_vs_queues: { keys: ['outbox_vs_queues'], measure: outboxVsQueues },
  held_polls: { keys: ['held_polls'], measure: heldPolls },
  dashboard: { keys: ['apply_to_pixel', 'inbox'], measure: dashboard },
  live_feed: { keys: ['live_feed'], measure: liveFeed },
  governed_proposals: { keys: ['governed_proposals'], measure: governedProposals },
  cel_evaluation: { keys: ['cel_evaluation'], measure: celEvaluation },
  ledger_verification: { keys: ['ledger_verification'], measure: ledgerVerification },
  search: { keys: ['search'], measure: search },
  explanations: { keys: ['explanations'], measure: explanations },
  many_tenants: { keys: ['many_tenants'], measure: manyTenants },
};
const RESULTS = join(import.meta.dirname, 'results.json');

const HELP = `npm run bench -- [--quick] [--only NAME]

Measures the product against the limits of this machine, in the same run, and writes bench/results.json.
  --quick      short rounds, to see that everything runs; writes no results
  --only NAME  one of: ${Object.keys(measurements).join(', ')}; writes no results`;

const { values: options } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    only: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
});

if (options.help || (options.only !== undefined && !Object.hasOwn(measurements, options.only))) {
  console.log(HELP);
  process.exitCode = options.help ? 0 : 2;
} else {
  process.exitCode = (await run(options.quick, options.only)) ? 0 : 1;
}

/** Returns whether everything could be measured. A part that could not says why in its place in the results. */
async function run(isQuick: boolean, only: string | undefined): Promise<boolean> {
  const startedAt = new Date();
  const results: Record<string, unknown> = { taken_at: startedAt.toISOString(), machine: await machine() };
  const bench = await openBench(isQuick);
  let isComplete = true;
  try {
    for (const [name, { keys, measure }] of Object.entries(measurements)) {
      if (only !== undefined && only !== name) continue;
      const begunAt = Date.now();
      try {
        const measured = await measure(bench);
        Object.assign(results, measured.results);
        console.log(renderTable(`${name}, ${secondsSince(begunAt)} s`, measured.lines));
      } catch (fault) {
        isComplete = false;
        const why = fault instanceof Error ? `${fault.name}: ${fault.message}` : String(fault);
        for (const key of keys) results[key] = { not_measured: why };
        console.error(`\n${name}\n  not measured: ${why}`);
      }
    }
  } finally {
    await bench.close();
  }
  results.seconds = secondsSince(startedAt.getTime());
  if (isQuick || only !== undefined) console.log(`\n${JSON.stringify(results, null, 2)}`);
  else await writeFile(RESULTS, `${JSON.stringify(results, null, 2)}\n`);
  console.log(`\n${results.seconds} s in all`);
  return isComplete;
}

function secondsSince(at: number): number {
  return Math.round((Date.now() - at) / 1_000);
}
