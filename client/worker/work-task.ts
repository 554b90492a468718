import { completeTaskSchema, failTaskSchema, progressSchema } from '@countersign/protocol/run/run-requests';
import type { ClaimedTask } from '@countersign/protocol/run/task';
import { aboutTask } from './about-task.ts';
import { reportTask, resultRefused, type Said } from './report-task.ts';
import { returnTask } from './return-task.ts';
import { TaskClaim } from './task-claim.ts';
import { TaskFailed } from './task-failed.ts';
import type { TaskHandler, TaskOutcome } from './task-handler.ts';
import type { WorkerParts } from './worker-parts.ts';

const LONGEST_MESSAGE = 500;
const LONGEST_REST_MS = 86_400_000;

/** The life of a claimed task here: hold its claim, have it handled, say how it ended. Never rejects. */
export async function workTask(
  parts: WorkerParts,
  task: ClaimedTask,
  serverTime: string,
  handler: TaskHandler,
): Promise<void> {
  const about = aboutTask(task);
  parts.tell({ kind: 'task_begun', ...about });
  const claim = new TaskClaim(parts, task, serverTime);
  const said = await Promise.race([handle(parts, claim, task, handler), claim.stopped]);
  claim.end();
  if (claim.lost !== undefined) return;
  if (said === undefined) await returnTask(parts, task, 'draining');
  else await reportTask(parts, claim, about, said);
}

/** Undefined where nobody wants to know any more. */
async function handle(
  parts: WorkerParts,
  claim: TaskClaim,
  task: ClaimedTask,
  handler: TaskHandler,
): Promise<Said | undefined> {
  const about = aboutTask(task);
  const from = { runner_id: parts.workerId, claim_id: task.claim_id };
  const progress = (value: unknown) => claim.progress(progressSchema.parse(value));
  try {
    const outcome = await handler(task, { signal: claim.signal, progress });
    return completed(from, outcome);
  } catch (error) {
    if (claim.signal.aborted) return undefined;
    const failure = error instanceof TaskFailed ? failed(from, error) : undefined;
    if (failure !== undefined) return failure;
    parts.tell({ kind: 'handler_failed', error, ...about });
    return { verb: 'fail', request: { ...from, code: 'handler_error', is_retryable: true } };
  }
}

interface From {
  readonly runner_id: string;
  readonly claim_id: string;
}

function completed(from: From, outcome: TaskOutcome): Said {
  const parsed = completeTaskSchema.safeParse({ ...outcome, ...from });
  if (parsed.success) return { verb: 'complete', request: parsed.data };
  const places = new Set(parsed.error.issues.map(({ path }) => path.slice(0, 3).join('.')));
  return resultRefused(from, [...places].join(', '));
}

/** Undefined for a failure of a form that the wire does not take, as with blanks in its code. */
function failed(from: From, { code, isRetryable, retryAfterMs, told }: TaskFailed): Said | undefined {
  const message = told === undefined || told === '' ? {} : { message: told.slice(0, LONGEST_MESSAGE) };
  const rest =
    retryAfterMs === undefined
      ? {}
      : { retry_after_ms: Math.ceil(Math.min(Math.max(retryAfterMs, 0), LONGEST_REST_MS)) };
  const parsed = failTaskSchema.safeParse({ ...from, code, is_retryable: isRetryable, ...message, ...rest });
  return parsed.success ? { verb: 'fail', request: parsed.data } : undefined;
}
