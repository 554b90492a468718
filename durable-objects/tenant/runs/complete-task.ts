import type { CompleteTask, NewStep } from '@countersign/protocol/run/run-requests';
import type { Identity } from '../access/identity.ts';
import { judgeResult } from '../control/judge-result.ts';
import type { RunRow, StepRow } from '../runs-schema.ts';
import type { AskOf } from '../turn/command.ts';
import { type Outcome, unchanged } from '../turn/outcome.ts';
import { answer, type Reply, refuse } from '../turn/reply.ts';
import type { World } from '../turn/world.ts';
import { documentOf } from './claimed-task.ts';
import { MOST_BYTES, newSteps } from './new-steps.ts';
import { reportedTask } from './reported-task.ts';
import type { TaskCompleted, Verdict } from './run-body.ts';
import { runSubject } from './run-subject.ts';
import { sizeOf } from './size-of.ts';

/**
 * A worker says what a task came to. Where its plan has an arbiter, that judges; what is not accepted leaves nothing
 * behind but the verdict. What was made and what follows is added in the same turn.
 */
export function completeTask(
  world: World,
  { taskId, request }: AskOf<'complete-task'>,
  identity: Identity,
  now: number,
): Outcome {
  const reported = reportedTask(world, taskId, { verb: 'completed', request }, identity, now);
  if (!reported.isNew) return unchanged(reported.reply);
  const { row, said } = reported;
  const run = world.row('runs', row.run_id);
  if (run === undefined) return unchanged(refuse('unavailable', 'the run could not be read'));
  if (run.bytes + sizeOf(request.result) > MOST_BYTES) {
    const message = `the run has no room for this result: ${MOST_BYTES} bytes for all`;
    return unchanged(refuse('run_full', message, 'keep large things as artifacts'));
  }
  const verdict = verdictOn(world, run, row, request);
  const becomes = stateAfter(row, verdict);
  const steps = becomes === 'succeeded' ? stepsOf(request) : [];
  const added = newSteps(world, run, steps, {
    actor: identity.actor,
    now,
    firstSeq: world.nextSeq + 1,
    behind: taskId,
  });
  if (!added.ok) return unchanged(added);
  const body = {
    step_id: taskId,
    claim_id: request.claim_id,
    runner_id: request.runner_id,
    attempt: row.attempt,
    result: request.result,
    verdict,
    becomes,
    digest: said,
  };
  return {
    reply: completed(taskId, becomes, verdict, world.nextSeq, added.stepIds),
    entries: [
      { type: 'task.completed', actor: identity.actor, subject: runSubject(row.run_id), body },
      ...added.entries,
    ],
  };
}

/** What was made comes before what follows from it. */
function stepsOf({ artifacts, steps }: CompleteTask): readonly NewStep[] {
  return [...artifacts.map((artifact) => ({ ...artifact, kind: 'artifact' as const, after: [] })), ...steps];
}

function verdictOn(
  world: World,
  { command }: RunRow,
  { charged, plan, task }: StepRow,
  { artifacts, result }: CompleteTask,
): Verdict | null {
  const arbiter = plan?.arbiter ?? null;
  if (arbiter === null) return null;
  const named = { arbiter: arbiter.name, version: arbiter.version };
  const document = documentOf(world, 'arbiter', arbiter);
  if (document === undefined || !('rules' in document)) {
    return { ...named, verdict: 'reject', message: 'the arbiter could not be read' };
  }
  const facts = { task: task ?? '', command, attempt: charged + 1, result, artifacts: artifacts.length };
  return { ...named, ...judgeResult(document, facts) };
}

function stateAfter({ charged, most_attempts }: StepRow, verdict: Verdict | null): TaskCompleted['becomes'] {
  if (verdict === null || verdict.verdict === 'accept') return 'succeeded';
  if (verdict.verdict === 'reject') return 'failed';
  return charged + 1 >= most_attempts ? 'dead_letter' : 'queued';
}

function completed(
  taskId: string,
  status: StepRow['state'],
  verdict: Verdict | null,
  seq: number,
  step_ids: readonly string[],
): Reply {
  return answer({ ok: true, task_id: taskId, status, verdict, step_ids, ledger_seq: seq });
}
