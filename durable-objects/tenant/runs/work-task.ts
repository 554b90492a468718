import type { ReturnTask } from '@countersign/protocol/run/run-requests';
import type { Identity } from '../access/identity.ts';
import { seenRunner } from '../runners/seen-runner.ts';
import type { StepRow } from '../runs-schema.ts';
import type { AskOf } from '../turn/command.ts';
import type { Draft } from '../turn/event.ts';
import { type Outcome, unchanged } from '../turn/outcome.ts';
import { answer } from '../turn/reply.ts';
import type { World } from '../turn/world.ts';
import { controlMark } from './claim-tasks.ts';
import { findHeldTask } from './held-task.ts';
import { runSubject } from './run-subject.ts';

/** How far a task is is written down at most this often: a record is not a meter. */
const PROGRESS_EVERY_MS = 60_000;

/** Extends a claim, and says how far the work is. Only what is said, once in a while, leaves an entry. */
export function renewTask(
  world: World,
  { taskId, request }: AskOf<'renew-task'>,
  identity: Identity,
  now: number,
): Outcome {
  const held = findHeldTask(world, taskId, request, identity, now);
  if (!held.ok) return unchanged(held);
  const { row } = held;
  const { claim_id, lease_seconds, progress } = request;
  const until = Math.max(now + lease_seconds * 1_000, row.claim_expires_at ?? 0);
  const said = { percent: progress?.percent ?? null, message: progress?.message ?? null };
  const isNews =
    progress !== undefined &&
    now - (row.progress?.at ?? 0) >= PROGRESS_EVERY_MS &&
    (said.percent !== (row.progress?.percent ?? null) || said.message !== (row.progress?.message ?? null));
  const entries: Draft[] = isNews
    ? [
        {
          type: 'task.progressed',
          actor: identity.actor,
          subject: runSubject(row.run_id),
          body: { step_id: taskId, claim_id, ...said },
        },
      ]
    : [];
  return {
    reply: answer({
      ok: true,
      task_id: taskId,
      claim_id,
      expires_at: new Date(until).toISOString(),
      control: controlMark(world),
      server_time: new Date(now).toISOString(),
    }),
    entries,
    volatile: {
      renewedTask: { step_id: taskId, claim_expires_at: until },
      by: seenRunner(world.row('runners', request.runner_id), now)?.seen,
    },
  };
}

/** How long it rests, in milliseconds, so that it is not handed out in a tight circle. */
const REST_MS: Record<ReturnTask['reason'], number> = {
  draining: 0,
  not_delivered: 0,
  busy: 1_000,
  not_configured: 60_000,
};

/** So often it may go round at once; then ever slower, so that no circle fills the record. */
const FREE_RETURNS = 20;
const LONGEST_REST_MS = 3_600_000;

function restAfter({ attempt, charged }: StepRow): number {
  const more = attempt - charged - FREE_RETURNS;
  return more <= 0 ? 0 : Math.min(LONGEST_REST_MS, 1_000 * 2 ** Math.min(more, 20));
}

/** A worker gives a task back. It costs no attempt. */
export function returnTask(
  world: World,
  { taskId, request }: AskOf<'return-task'>,
  identity: Identity,
  now: number,
): Outcome {
  const held = findHeldTask(world, taskId, request, identity, now);
  if (!held.ok) return unchanged(held);
  const rest = Math.max(REST_MS[request.reason], restAfter(held.row));
  const { claim_id, reason } = request;
  const body = { step_id: taskId, claim_id, reason, not_before: rest === 0 ? null : now + rest };
  return {
    reply: answer({ ok: true, task_id: taskId, status: 'queued', ledger_seq: world.nextSeq }),
    entries: [{ type: 'task.returned', actor: identity.actor, subject: runSubject(held.row.run_id), body }],
  };
}
