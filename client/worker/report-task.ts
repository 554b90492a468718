import type { CompleteTask, FailTask } from '@countersign/protocol/run/run-requests';
import { ApiError } from '../api-error.ts';
import { backoffMs } from '../backoff.ts';
import type { CallOptions } from '../http.ts';
import { pause } from '../pause.ts';
import type { TaskAck } from '../task-worker-api.ts';
import type { AboutTask } from './about-task.ts';
import { isFinal, isGone } from './refusals.ts';
import type { TaskClaim } from './task-claim.ts';
import type { WorkerParts } from './worker-parts.ts';

const RETRY = { leastMs: 200, mostMs: 10_000 } as const;

/** How a task ended here. */
export type Said =
  | { readonly verb: 'complete'; readonly request: CompleteTask }
  | { readonly verb: 'fail'; readonly request: FailTask };

/**
 * Says how a task ended, until somebody has heard it or its lease has run out. The same words each time, so that the
 * second time they arrive they are the first. A result that the control plane does not want is a failure: nobody would
 * know otherwise before the last attempt has run into the same.
 */
export async function reportTask(
  parts: WorkerParts,
  claim: TaskClaim,
  about: AboutTask,
  said: Said,
): Promise<void> {
  const { tell } = parts;
  const end = await send(parts, claim, about, said);
  if (end === undefined) return tell({ kind: 'report_undelivered', ...about });
  if (!(end instanceof ApiError)) {
    const { status } = end;
    if (said.verb === 'complete')
      tell({ kind: 'reported', said: 'completed', status, code: undefined, ...about });
    else tell({ kind: 'reported', said: 'failed', status, code: said.request.code, ...about });
    return;
  }
  const { code } = end;
  if (isGone(end)) return tell({ kind: 'task_lost', code, ...about });
  tell({ kind: 'report_refused', error: end, ...about });
  if (said.verb === 'complete') await reportTask(parts, claim, about, resultRefused(said.request, code));
}

/** @param why a code, or what is wrong by its place: never what stands there */
export function resultRefused(
  { claim_id, runner_id }: Pick<CompleteTask, 'claim_id' | 'runner_id'>,
  why: string,
): Said {
  const message = `the result was refused: ${why}`.slice(0, 500);
  const failure = { code: 'result_refused', message, is_retryable: false };
  return { verb: 'fail', request: { runner_id, claim_id, ...failure } };
}

/** The answer, the refusal, or undefined where there was neither in time. */
async function send(
  { giveUp, lastWord, tasks, tell }: WorkerParts,
  claim: TaskClaim,
  about: AboutTask,
  said: Said,
): Promise<TaskAck | ApiError | undefined> {
  const attempt = (options: CallOptions) =>
    said.verb === 'complete'
      ? tasks.complete(about.task_id, said.request, options)
      : tasks.fail(about.task_id, said.request, options);
  for (let failures = 1; ; failures += 1) {
    try {
      return await attempt({ signal: lastWord });
    } catch (error) {
      if (isFinal(error)) return error;
      if (giveUp.aborted || claim.hasRunOut) return undefined;
      tell({ kind: 'report_failed', error, failures, ...about });
      const asked = error instanceof ApiError ? (error.retryAfterMs ?? 0) : 0;
      await pause(Math.max(Math.min(asked, RETRY.mostMs), backoffMs(failures, RETRY, Math.random())), giveUp);
    }
  }
}
