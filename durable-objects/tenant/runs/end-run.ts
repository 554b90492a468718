import type { Identity } from '../access/identity.ts';
import { isUndecidedAction } from '../actions/action-lane.ts';
import { actionSubject } from '../actions/action-subject.ts';
import type { Cause } from '../proposals/cause.ts';
import { isUndecided } from '../proposals/lane.ts';
import type { RunRow, StepRow } from '../runs-schema.ts';
import type { AskOf } from '../turn/command.ts';
import type { Draft } from '../turn/event.ts';
import { type Outcome, unchanged } from '../turn/outcome.ts';
import { answer, refuse } from '../turn/reply.ts';
import type { World } from '../turn/world.ts';
import { endedRun } from './follow-run.ts';
import { findOwnRun, findRun } from './own-run.ts';
import { runSubject } from './run-subject.ts';
import { stepHasEnded } from './step-lane.ts';

/** Whoever drives a run says that it is over. What is still open must have ended before. */
export function finishRun(
  world: World,
  { runId, outcome, summary }: AskOf<'finish-run'>,
  identity: Identity,
  _now: number,
): Outcome {
  const found = findOwnRun(world, runId, identity);
  if (!found.ok) return unchanged(found);
  const { row } = found;
  const reply = (seq: number) => answer({ ok: true, run_id: runId, status: outcome, ledger_seq: seq });
  if (row.state === outcome) return unchanged(reply(row.tip_seq));
  if (row.state !== 'open') return unchanged(refuse('run_ended', `the run is ${row.state}`));
  if (row.open.length > 0) {
    const count = row.open.length === 1 ? 'one step is' : `${row.open.length} steps are`;
    return unchanged(refuse('run_not_idle', `${count} still open`, 'wait for them, or cancel the run'));
  }
  const cause = { by: `${identity.actor.kind}:${identity.name}`, message: `${identity.name} said so` };
  const ended = endedRun(row, { state: outcome, cause }, { actor: identity.actor, summary });
  return { reply: reply(world.nextSeq), entries: [ended] };
}

/**
 * Ends a run now. Its tasks are taken back from their workers, and what nobody has decided yet is withdrawn. What was
 * decided goes its way: a write or an effect that was let go is not stopped by this.
 */
export function cancelRun(
  world: World,
  { runId, reason }: AskOf<'cancel-run'>,
  identity: Identity,
  _now: number,
): Outcome {
  const found = findOwnRun(world, runId, identity);
  if (!found.ok) return unchanged(found);
  const { row } = found;
  const reply = (seq: number) => answer({ ok: true, run_id: runId, status: 'canceled', ledger_seq: seq });
  if (row.state === 'canceled') return unchanged(reply(row.tip_seq));
  if (row.state !== 'open') return unchanged(refuse('run_ended', `the run is ${row.state}`));
  const cause = {
    by: `${identity.actor.kind}:${identity.name}`,
    message: reason ?? `${identity.name} canceled the run`,
  };
  return {
    reply: reply(world.nextSeq),
    entries: stopped(world, row, { state: 'canceled', cause }, identity),
  };
}

/** Everything that ends with a run that is ended from outside, the run first. */
export function stopped(
  world: World,
  run: RunRow,
  end: { readonly state: 'failed' | 'canceled'; readonly cause: Cause },
  identity: Identity,
): readonly Draft[] {
  const open = run.open.map((id) => world.row('steps', id)).filter((step) => step !== undefined);
  return [
    endedRun(run, end, { actor: identity.actor }),
    ...open.flatMap((step) => withdrawal(world, step, end.cause, identity)),
  ];
}

function withdrawal(world: World, step: StepRow, cause: Cause, identity: Identity): Draft[] {
  const { actor, name } = identity;
  const reason = cause.message;
  if (step.kind === 'proposal' && step.linked !== null) {
    const row = world.findProposal(step.linked);
    if (row === undefined || !isUndecided(row) || !mayWithdraw(row, identity)) return [];
    const body = { reason, name, effect_digest: row.effect_digest };
    return [{ type: 'proposal.canceled', actor, subject: row.proposal_id, body }];
  }
  if (step.kind === 'action' && step.linked !== null) {
    const row = world.row('actions', step.linked);
    if (row === undefined || !isUndecidedAction(row) || !mayWithdraw(row, identity)) return [];
    const body = { reason, name, effect_digest: row.effect_digest, cause };
    return [{ type: 'action.canceled', actor, subject: actionSubject(row.action_id), body }];
  }
  const body = { step_id: step.step_id, state: 'canceled' as const, cause };
  return [{ type: 'step.ended', actor, subject: runSubject(step.run_id), body }];
}

/** What somebody else proposed is theirs to withdraw, and people's. */
function mayWithdraw({ proposer_id }: { readonly proposer_id: string }, { actor, kind }: Identity): boolean {
  return kind !== 'agent' || proposer_id === actor.id;
}

/** Its run's driver takes one task back, from its queue or from its worker, who is told at the next word. */
export function cancelTask(
  world: World,
  { taskId, reason }: AskOf<'cancel-task'>,
  identity: Identity,
  _now: number,
): Outcome {
  const row = world.row('steps', taskId);
  if (row === undefined || row.kind !== 'task' || !findRun(world, row.run_id, identity).ok) {
    return unchanged(refuse('task_not_found', `there is no task ${taskId}`));
  }
  const run = findOwnRun(world, row.run_id, identity);
  if (!run.ok) return unchanged(run);
  const reply = (seq: number) => answer({ ok: true, task_id: taskId, status: 'canceled', ledger_seq: seq });
  if (row.state === 'canceled') return unchanged(reply(run.row.tip_seq));
  if (stepHasEnded(row)) return unchanged(refuse('task_ended', `the task is ${row.state}`));
  const message = reason ?? `${identity.name} canceled it`;
  const cause = { by: `${identity.actor.kind}:${identity.name}`, message };
  const body = { step_id: taskId, state: 'canceled' as const, cause };
  const subject = runSubject(row.run_id);
  return {
    reply: reply(world.nextSeq),
    entries: [{ type: 'step.ended', actor: identity.actor, subject, body }],
  };
}
