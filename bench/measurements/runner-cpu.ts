import type { Bench, Measured } from '../support/bench.ts';
import { startDurablePostgres } from '../support/durable-postgres.ts';
import { checkWritten, createInvoices, resetInvoices } from '../support/invoices.ts';
import { startJobSource } from '../support/job-source.ts';
import { cpuMs, residentMb } from '../support/process-usage.ts';
import { interleaved, ratios } from '../support/rounds.ts';
import { type RunnerProcess, startRunner } from '../support/runner-process.ts';
import { rounded, type Spread, spreadOf } from '../support/statistics.ts';
import { spreadLine, valueLine } from '../support/table.ts';
import { findWriteBaseline } from '../support/write-baseline.ts';

const WARM_UP = 500;
const JOBS_A_ROUND = 2_000;
const CONNECTIONS = 8;
const BASELINE_SECONDS = 1;

/**
 * What the runner costs the machine that it runs on: processor time for each thousand jobs of the runner as it is
 * shipped, claims and reports over HTTP included, beside what pgbench uses to get the same statements sent. Most of
 * the difference is HTTP, which pgbench has none of.
 */
export async function runnerCpu(bench: Bench): Promise<Measured> {
  const postgres = await startDurablePostgres();
  const source = await startJobSource();
  await createInvoices(postgres);
  const runner: RunnerProcess = await startRunner(source.jobs, postgres, { connections: CONNECTIONS });
  try {
    const baseline = await findWriteBaseline();
    const carryOut = async (count: number) => {
      await resetInvoices(postgres);
      const before = await cpuMs(runner.pid);
      await source.order(count);
      const used = (await cpuMs(runner.pid)) - before;
      await checkWritten(postgres, count);
      return used / (count / 1_000);
    };
    await carryOut(WARM_UP);
    const cpu = await interleaved(bench.rounds, {
      runner: () => carryOut(JOBS_A_ROUND),
      bare: async () => {
        await resetInvoices(postgres);
        return (await baseline.run(postgres, CONNECTIONS, BASELINE_SECONDS)).cpuMsPerThousand;
      },
    });
    const memory = { jobs: WARM_UP + bench.rounds * JOBS_A_ROUND, mb: await residentMb(runner.pid) };
    const spreads = { runner: spreadOf(cpu.runner), bare: spreadOf(cpu.bare) };
    return measured(baseline.name, spreads, spreadOf(ratios(cpu.runner, cpu.bare)), memory);
  } finally {
    await runner.stop();
    await source.stop();
    await postgres.stop();
  }
}

function measured(
  baseline: string,
  { runner, bare }: Record<'runner' | 'bare', Spread>,
  ratio: Spread,
  { jobs, mb }: { readonly jobs: number; readonly mb: number },
): Measured {
  return {
    results: {
      runner_cpu: {
        ratio: ratio.median,
        ratio_spread: ratio,
        runner_ms_per_thousand: runner,
        baseline_ms_per_thousand: bare,
        baseline,
        runner: 'built, its own process, claims and reports over HTTP',
        rss_mb: { jobs, mb: rounded(mb) },
      },
    },
    lines: [
      spreadLine('runner with its HTTP, processor ms for 1,000 jobs', runner),
      spreadLine(`${baseline}, processor ms for 1,000 writes`, bare),
      spreadLine('runner / bare', ratio),
      valueLine(`runner MB after ${jobs} jobs`, mb),
    ],
  };
}
