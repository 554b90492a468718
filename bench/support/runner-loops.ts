import { FreezeWatch } from '@countersign/client/freeze-watch';
import { machineClocks } from '@countersign/runner/clock/elapsed';
import { ServerClock } from '@countersign/runner/clock/server-clock';
import { connectDatabase } from '@countersign/runner/databases/connect-database';
import { claimLoop } from '@countersign/runner/loops/claim-loop';
import { Jobs } from '@countersign/runner/loops/jobs';
import { Lanes } from '@countersign/runner/loops/lanes';
import { ReportQueue } from '@countersign/runner/loops/report-queue';
import type { RunnerContext } from '@countersign/runner/loops/runner-context';
import { noTracing } from '@countersign/runner/tracing/job-trace';
import { sourceConfig } from './invoices.ts';
import type { JobFeed } from './job-feed.ts';
import { RUNNER, SOURCE, TENANT } from './names.ts';
import type { RunnerSettings } from './runner-process.ts';

export interface RunnerLoops {
  /** Resolves when what was claimed is carried out. */
  stop(): Promise<void>;
}

/** Runs everything of a runner that stands between its claims and its database, in this process. */
export function startRunnerLoops(
  feed: JobFeed,
  databaseUrl: string,
  { lanes: laneCount, connections }: Required<RunnerSettings>,
): RunnerLoops {
  const source = sourceConfig(connections);
  const database = connectDatabase(source, databaseUrl);
  const drain = new AbortController();
  const context: RunnerContext = {
    runnerId: RUNNER,
    api: feed,
    clock: new ServerClock(machineClocks),
    log: () => undefined,
    observe: () => undefined,
    freezes: new FreezeWatch({ begun: () => undefined, ended: () => undefined }),
    tracing: noTracing,
    isDryRun: false,
    drain: drain.signal,
    giveUp: new AbortController().signal,
  };
  const lanes = new Lanes(laneCount);
  const reports = new ReportQueue(context);
  const jobs = new Jobs(context, { sourceId: SOURCE, projectId: TENANT, source }, database, lanes, reports);
  const claiming = claimLoop(context, { sourceId: SOURCE, database, jobs, lanes, reports, isOnce: false });
  return {
    stop: async () => {
      drain.abort();
      await claiming;
      await lanes.until(() => lanes.isEmpty);
      await reports.settled();
      await database.close();
    },
  };
}
