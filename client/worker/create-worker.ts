import { LEASE_SECONDS } from '@countersign/protocol/job-requests';
import { MOST_HANDLERS } from '@countersign/protocol/run/run-requests';
import { createCallApi } from '../call-api.ts';
import { createControlApi } from '../control-api.ts';
import { FreezeWatch } from '../freeze-watch.ts';
import type { Connection } from '../http.ts';
import { createRunnerApi } from '../runner-api.ts';
import { createTaskWorkerApi } from '../task-worker-api.ts';
import { claimLoop, claimUntilEmpty } from './claim-loop.ts';
import { ControlWatch } from './control-watch.ts';
import { Hands } from './hands.ts';
import { introduce, workerRegistration } from './introduce.ts';
import type { TaskHandler } from './task-handler.ts';
import type { WorkerEvent } from './worker-event.ts';
import type { Pool, WorkerParts } from './worker-parts.ts';

/** Long enough for a renewal that fails and several more; short enough for a worker that was lost. */
const USUAL_LEASE_SECONDS = 60;
const USUAL_CONCURRENCY = 4;
/** For giving back what is held, when the worker gives up. */
const LAST_WORD_MS = 2_000;

export interface WorkerOptions {
  /** The control plane's origin. */
  readonly url: string;
  /** A runner's token that covers the handlers; a function is asked anew for every call. */
  readonly token: string | (() => Promise<string> | string);
  /** One for each process. */
  readonly workerId: string;
  /** How many tasks it works at at once. */
  readonly concurrency?: number;
  /** How long a task is held without a renewal, and so how long it waits when the worker is lost. */
  readonly leaseSeconds?: number;
  /** Of the program, as it is shown. */
  readonly version?: string;
  readonly onEvent?: (event: WorkerEvent) => void;
  /** Makes the worker known, in place of a registration of its own: a runner may have sources under the same id. */
  readonly introduce?: (signal: AbortSignal) => Promise<unknown>;
}

export interface HandlerOptions {
  /** How many of this handler's tasks at once, whatever the others do. The worker's `concurrency`, shared, where left away. */
  readonly atOnce?: number;
}

export interface RunOptions {
  /** Work at nothing any more: handlers are stopped, and what is held is given back. */
  readonly giveUp?: AbortSignal;
  /** Whether to end when there is nothing more to do, instead of waiting for more. */
  readonly isOnce?: boolean;
}

/** A program that does tasks. */
export interface TaskWorker {
  /** Has tasks of a handler, by the name that routes have for it, done by a function. */
  on(handler: string, handle: TaskHandler, options?: HandlerOptions): TaskWorker;
  /**
   * Works until the signal aborts, and what it holds is finished. Rejects with `ApiError` where the control plane
   * refuses to know it; nothing that happens afterwards is more than an event.
   */
  run(signal: AbortSignal, options?: RunOptions): Promise<void>;
}

/** Throws `RangeError` for numbers that the control plane would not take. */
export function createWorker(options: WorkerOptions): TaskWorker {
  const { concurrency = USUAL_CONCURRENCY, leaseSeconds = USUAL_LEASE_SECONDS } = options;
  mustBeWithin('concurrency', concurrency, 1, 1_000);
  mustBeWithin('leaseSeconds', leaseSeconds, LEASE_SECONDS.least, LEASE_SECONDS.most);
  const shared = new Map<string, TaskHandler>();
  const own = new Map<string, Pool>();
  const worker: TaskWorker = {
    on: (handler, handle, { atOnce } = {}) => {
      if (shared.has(handler) || own.has(handler)) throw new RangeError(`${handler} has a handler already`);
      mustBeWithin('the number of handlers', shared.size + own.size + 1, 1, MOST_HANDLERS);
      if (atOnce === undefined) shared.set(handler, handle);
      else {
        mustBeWithin('atOnce', atOnce, 1, 1_000);
        own.set(handler, { handlers: new Map([[handler, handle]]), atOnce });
      }
      return worker;
    },
    run: (signal, runOptions = {}) => {
      const common = shared.size === 0 ? [] : [{ handlers: new Map(shared), atOnce: concurrency }];
      return run({ ...options, leaseSeconds }, [...common, ...own.values()], signal, runOptions);
    },
  };
  return worker;
}

function mustBeWithin(name: string, value: number, least: number, most: number): void {
  if (Number.isInteger(value) && value >= least && value <= most) return;
  throw new RangeError(`${name} must be a whole number from ${least} to ${most}`);
}

type Settled = WorkerOptions & { readonly leaseSeconds: number };

async function run(
  options: Settled,
  pools: readonly Pool[],
  drain: AbortSignal,
  { giveUp = new AbortController().signal, isOnce = false }: RunOptions,
): Promise<void> {
  if (pools.length === 0) throw new RangeError('the worker has no handler');
  const { token, url, version = 'unknown', workerId } = options;
  const connection: Connection = {
    url,
    token: typeof token === 'string' ? () => token : token,
    userAgent: `countersign-worker/${version}`,
  };
  const runners = createRunnerApi(connection);
  const tell = quietly(options.onEvent);
  const said = new AbortController();
  const lastWord = soonAfter(giveUp, () => said.abort());
  const parts: WorkerParts = {
    workerId,
    leaseSeconds: options.leaseSeconds,
    tasks: createTaskWorkerApi(connection),
    hands: new Hands(),
    control: new ControlWatch({
      control: createControlApi(createCallApi(connection)),
      runners,
      workerId,
      tell,
      drain,
    }),
    freezes: new FreezeWatch({
      begun: (freeze) => tell({ kind: 'frozen', freeze }),
      ended: (freeze) => tell({ kind: 'thawed', freeze }),
    }),
    tell,
    drain,
    giveUp,
    lastWord: said.signal,
  };
  const register = (signal: AbortSignal) =>
    runners.register(workerRegistration(workerId, version), { signal });
  try {
    await introduce(parts, options.introduce ?? register);
    if (!drain.aborted) parts.control.catchUp();
    await (isOnce ? claimUntilEmpty(parts, pools) : Promise.all(pools.map((pool) => claimLoop(parts, pool))));
    await parts.hands.until(() => parts.hands.count === 0);
    await parts.control.end();
  } finally {
    lastWord.cancel();
  }
}

/** Does something a little after a signal, unless that is called off. */
function soonAfter(signal: AbortSignal, action: () => void): { cancel(): void } {
  let timer: NodeJS.Timeout | undefined;
  const begin = () => {
    timer = setTimeout(action, LAST_WORD_MS);
  };
  signal.addEventListener('abort', begin, { once: true });
  if (signal.aborted) begin();
  return {
    cancel: () => {
      signal.removeEventListener('abort', begin);
      clearTimeout(timer);
    },
  };
}

/** Who only watches must not be able to stop a worker in the middle of a task. */
function quietly(onEvent: WorkerOptions['onEvent']): WorkerParts['tell'] {
  return (event) => {
    try {
      onEvent?.(event);
    } catch {
      // There is nobody to tell.
    }
  };
}
