import { ApiError } from '@countersign/client/api-error';
import type { Connection } from '@countersign/client/http';
import { createWorker } from '@countersign/client/worker/create-worker';
import type { WorkerEvent } from '@countersign/client/worker/worker-event';
import { faultFields, type Log, type LogLevel } from '../log.ts';
import type { OpenedHandler } from '../tasks/open-task-handlers.ts';
import { runnerVersion } from '../version.ts';
import type { RunnerContext } from './runner-context.ts';

export interface TaskLoop {
  readonly handlers: readonly OpenedHandler[];
  readonly connection: Required<Pick<Connection, 'token' | 'url'>>;
  /** Resolves when the control plane knows this runner, or the signal aborts. */
  readonly known: (signal: AbortSignal) => Promise<void>;
  readonly isOnce: boolean;
}

/** Claims tasks of all configured handlers until the runner drains; what was claimed is seen to its end, or given back. */
export async function taskLoop(
  { drain, freezes, giveUp, log, runnerId }: RunnerContext,
  { connection, handlers, isOnce, known }: TaskLoop,
): Promise<void> {
  const worker = createWorker({
    ...connection,
    workerId: runnerId,
    version: runnerVersion,
    introduce: known,
    onEvent: (event) => {
      if (!('freeze' in event)) return logEvent(log, event);
      // Under its own name: of two that follow each other the end of the first is told last.
      const claimant = `tasks under ${event.freeze.freeze_id}`;
      freezes.heard(claimant, event.kind === 'frozen' ? event.freeze : undefined);
    },
  });
  for (const { atOnce, handle, name } of handlers) worker.on(name, handle, { atOnce });
  await worker.run(drain, { giveUp, isOnce });
  log('info', 'tasks_ended', { handlers: handlers.map(({ name }) => name) });
}

type LoggedEvent = Exclude<WorkerEvent, { readonly kind: 'frozen' | 'thawed' }>;

const lines: Readonly<Record<LoggedEvent['kind'], readonly [LogLevel, event: string]>> = {
  introduced: ['info', 'tasks_ready'],
  introduction_failed: ['warn', 'task_introduction_failed'],
  claim_failed: ['warn', 'task_claim_failed'],
  task_not_understood: ['error', 'task_malformed'],
  task_begun: ['info', 'task_begun'],
  renewal_failed: ['warn', 'task_renewal_failed'],
  handler_failed: ['error', 'task_fault'],
  task_lost: ['warn', 'task_lost'],
  reported: ['info', 'task_reported'],
  report_failed: ['warn', 'task_report_failed'],
  report_refused: ['error', 'task_report_refused'],
  report_undelivered: ['error', 'task_report_undelivered'],
  returned: ['info', 'task_returned'],
  return_failed: ['warn', 'task_return_failed'],
  control_taken: ['info', 'control_taken'],
  control_failed: ['warn', 'control_failed'],
};

function logEvent(log: Log, { kind, ...about }: LoggedEvent): void {
  const [level, event] = lines[kind];
  const { error, ...fields } = { error: undefined, ...about };
  log(level, event, {
    ...fields,
    ...(error === undefined ? {} : faultFields(error)),
    next: adviceFor(kind, error),
  });
}

function adviceFor(kind: LoggedEvent['kind'], error: unknown): string | undefined {
  if (kind === 'task_not_understood') return 'update this runner';
  const isRefused = error instanceof ApiError && error.isRefusal && error.code !== 'runner_draining';
  return kind === 'claim_failed' && isRefused
    ? 'give this runner a token that covers its handlers, or take them out of its configuration'
    : undefined;
}
