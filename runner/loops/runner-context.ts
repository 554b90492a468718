import type { FreezeWatch } from '@countersign/client/freeze-watch';
import type { RunnerApi } from '@countersign/client/runner-api';
import type { ServerClock } from '../clock/server-clock.ts';
import type { Log } from '../log.ts';
import type { Tracing } from '../tracing/job-trace.ts';
import type { Observe } from './loop-event.ts';

/** What all loops of one runner share. */
export interface RunnerContext {
  readonly runnerId: string;
  readonly api: RunnerApi;
  readonly clock: ServerClock;
  readonly log: Log;
  readonly observe: Observe;
  readonly freezes: FreezeWatch;
  readonly tracing: Tracing;
  /** Try every write, take it back, and end no job. */
  readonly isDryRun: boolean;
  /** Take no new work. What has begun goes on. */
  readonly drain: AbortSignal;
  /** Wait for nothing any more; what runs in a database may end. */
  readonly giveUp: AbortSignal;
}
