import type { FreezeWatch } from '../freeze-watch.ts';
import type { TaskWorkerApi } from '../task-worker-api.ts';
import type { ControlWatch } from './control-watch.ts';
import type { Hands } from './hands.ts';
import type { TaskHandler } from './task-handler.ts';
import type { WorkerEvent } from './worker-event.ts';

/** Handlers that share a number of tasks at once, and the claims for them. */
export interface Pool {
  readonly handlers: ReadonlyMap<string, TaskHandler>;
  readonly atOnce: number;
}

/** What the parts of one running worker share. */
export interface WorkerParts {
  readonly workerId: string;
  readonly leaseSeconds: number;
  readonly tasks: TaskWorkerApi;
  readonly hands: Hands;
  readonly control: ControlWatch;
  readonly freezes: FreezeWatch;
  /** Never throws. */
  readonly tell: (event: WorkerEvent) => void;
  /** Take no new work. What has begun goes on. */
  readonly drain: AbortSignal;
  /** Work at nothing any more: what is held is given back. */
  readonly giveUp: AbortSignal;
  /** A little after that: what has not been heard by now is not said any more. */
  readonly lastWord: AbortSignal;
}
