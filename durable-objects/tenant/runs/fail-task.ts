import type { FailTask } from '@countersign/protocol/run/run-requests';
import type { Identity } from '../access/identity.ts';
import type { StepRow } from '../runs-schema.ts';
import type { AskOf } from '../turn/command.ts';
import { type Outcome, unchanged } from '../turn/outcome.ts';
import { answer } from '../turn/reply.ts';
import type { World } from '../turn/world.ts';
import { reportedTask } from './reported-task.ts';
import { runSubject } from './run-subject.ts';

const FIRST_REST_MS = 2_000;
const LONGEST_REST_MS = 3_600_000;

/** A worker says that it could not, and whether another attempt may. */
export function failTask(
  world: World,
  { taskId, request }: AskOf<'fail-task'>,
  identity: Identity,
  now: number,
): Outcome {
  const reported = reportedTask(world, taskId, { verb: 'failed', request }, identity, now);
  if (!reported.isNew) return unchanged(reported.reply);
  const { row, said } = reported;
  const becomes = stateAfter(row, request);
  const body = {
    step_id: taskId,
    claim_id: request.claim_id,
    runner_id: request.runner_id,
    attempt: row.attempt,
    code: request.code,
    message: request.message ?? null,
    becomes,
    not_before: becomes === 'queued' ? now + restOf(row, request) : null,
    digest: said,
  };
  return {
    reply: answer({ ok: true, task_id: taskId, status: becomes, ledger_seq: world.nextSeq }),
    entries: [{ type: 'task.failed', actor: identity.actor, subject: runSubject(row.run_id), body }],
  };
}

function stateAfter(
  { charged, most_attempts }: StepRow,
  { is_retryable }: FailTask,
): 'failed' | 'queued' | 'dead_letter' {
  if (!is_retryable) return 'failed';
  return charged + 1 >= most_attempts ? 'dead_letter' : 'queued';
}

/** Doubles with each attempt that counted, unless the worker knows better. */
function restOf({ charged }: StepRow, { retry_after_ms }: FailTask): number {
  return retry_after_ms ?? Math.min(LONGEST_REST_MS, FIRST_REST_MS * 2 ** Math.min(charged, 20));
}
