import type { Bench, Measured } from '../support/bench.ts';
import { startDurablePostgres } from '../support/durable-postgres.ts';
import { checkWritten, createInvoices, resetInvoices } from '../support/invoices.ts';
import { startLoopsProcess } from '../support/job-source.ts';
import { residentMb } from '../support/process-usage.ts';
import { rounded } from '../support/statistics.ts';
import { valueLine } from '../support/table.ts';

/** So many jobs in all when the memory is looked at. */
const LEVELS = { quick: [1_000, 5_000], full: [1_000, 10_000, 100_000] } as const;
const RUNNER = { lanes: 50, connections: 8 } as const;

/**
 * Whether the runner's memory grows with what it has done: its loops with all that they hold of a job, from the claim
 * to the answered report, in a process of their own, without HTTP, so that the jobs of days pass in seconds.
 */
export async function runnerMemory(bench: Bench): Promise<Measured> {
  const postgres = await startDurablePostgres();
  await createInvoices(postgres);
  const loops = await startLoopsProcess(postgres, RUNNER);
  try {
    const levels: Level[] = [];
    for (const jobs of LEVELS[bench.isQuick ? 'quick' : 'full']) {
      const more = jobs - (levels.at(-1)?.jobs ?? 0);
      await resetInvoices(postgres);
      await loops.order(more);
      await checkWritten(postgres, more);
      levels.push({ jobs, residentMb: await residentMb(loops.pid), liveMb: await loops.liveHeapMb() });
    }
    return measured(levels);
  } finally {
    await loops.stop();
    await postgres.stop();
  }
}

interface Level {
  readonly jobs: number;
  readonly residentMb: number;
  /** What of it is in use: a process keeps what it once had, so that the resident memory alone does not tell a leak. */
  readonly liveMb: number;
}

function measured(levels: readonly Level[]): Measured {
  const resident = growth(levels.map(({ residentMb: mb }) => mb));
  const live = growth(levels.map(({ liveMb }) => liveMb));
  const byJobs = (mbOf: (level: Level) => number) =>
    Object.fromEntries(levels.map((level) => [level.jobs, rounded(mbOf(level))]));
  return {
    results: {
      runner_memory: {
        last_to_first: resident,
        live_last_to_first: live,
        rss_mb_by_jobs: byJobs((level) => level.residentMb),
        live_heap_mb_by_jobs: byJobs((level) => level.liveMb),
        runner: { ...RUNNER, what: 'its loops as a process, without HTTP' },
      },
    },
    lines: [
      ...levels.flatMap(({ jobs, residentMb: mb, liveMb }) => [
        valueLine(`runner, resident MB after ${jobs} jobs`, mb),
        valueLine('  in use of its heap, MB', liveMb),
      ]),
      valueLine('resident, last / first', resident, 'flat'),
      valueLine('in use, last / first', live, 'flat'),
    ],
  };
}

function growth(megabytes: readonly number[]): number {
  return rounded((megabytes.at(-1) ?? Number.NaN) / (megabytes[0] ?? Number.NaN));
}
