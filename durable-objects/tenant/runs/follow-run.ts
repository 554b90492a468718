import { system } from '../access/identity.ts';
import { controlSetting } from '../control/control-setting.ts';
import { planTask } from '../control/plan-task.ts';
import type { Cause } from '../proposals/cause.ts';
import type { RunRow, StepRow } from '../runs-schema.ts';
import type { Draft } from '../turn/event.ts';
import type { World } from '../turn/world.ts';
import { isThrough } from './new-steps.ts';
import { runSubject } from './run-subject.ts';
import { stepHasEnded } from './step-lane.ts';

/**
 * What follows from the end of a step: tasks that waited for it are ready, or will never be; and the run may have
 * ended with it. Whoever takes these appends each before the next.
 */
export function* followStep(world: World, stepId: string): Generator<Draft> {
  const step = world.row('steps', stepId);
  if (step === undefined || !stepHasEnded(step)) return;
  if (step.state !== 'succeeded') lookAhead(world, step.run_id);
  for (const id of step.children) {
    const child = world.row('steps', id);
    const draft = child?.state === 'waiting' ? entryForChild(world, child) : undefined;
    if (draft !== undefined) yield draft;
  }
  const ended = endOfRun(world, step.run_id);
  if (ended !== undefined) yield ended;
}

/**
 * Looks at all that may be told that it will never be, and at what that waits for: a chain is so found at once, and
 * not one step for each read.
 */
function lookAhead(world: World, runId: string): void {
  const rows = (ids: readonly string[]) =>
    ids.map((id) => world.row('steps', id)).filter((row) => row !== undefined);
  const open = rows(world.row('runs', runId)?.open ?? []);
  rows([...new Set(open.flatMap(({ children, parents }) => [...children, ...parents]))]);
}

/** What a proposal or an action of a run has come to, as the end of its step. */
export function* followLinked(world: World, stepId: string, came: CameTo): Generator<Draft> {
  const step = world.row('steps', stepId);
  if (step === undefined || stepHasEnded(step)) return;
  yield endOf(step, came);
}

export interface CameTo {
  readonly state: 'succeeded' | 'failed' | 'canceled';
  readonly cause: Cause;
}

function endOf({ run_id, step_id }: StepRow, { cause, state }: CameTo): Draft {
  const body = { step_id, state, cause };
  return { type: 'step.ended', actor: system.actor, subject: runSubject(run_id), body };
}

function entryForChild(world: World, child: StepRow): Draft | undefined {
  const parents = child.parents.map((id) => world.row('steps', id)).filter((row) => row !== undefined);
  const lost = parents.find((row) => stepHasEnded(row) && !isThrough(row, child.once));
  if (lost !== undefined) {
    const message = `step ${lost.number}, which it was to follow, ended as ${lost.state}`;
    return endOf(child, { state: 'canceled', cause: { by: `step:${lost.step_id}`, message } });
  }
  if (!parents.every((row) => isThrough(row, child.once))) return undefined;
  const run = world.row('runs', child.run_id);
  if (run === undefined) return undefined;
  const about = { task: child.task ?? '', command: run.command };
  const plan = planTask(controlSetting(world.row('settings', 'control')), about);
  const body = { step_id: child.step_id, plan };
  return { type: 'step.ready', actor: system.actor, subject: runSubject(child.run_id), body };
}

function endOfRun(world: World, runId: string): Draft | undefined {
  const run = world.row('runs', runId);
  if (run === undefined || run.state !== 'open' || run.ends !== 'with_its_steps') return undefined;
  return run.open.length > 0 ? undefined : endedRun(run, outcomeOf(run));
}

function outcomeOf({ failed }: RunRow): { readonly state: 'succeeded' | 'failed'; readonly cause: Cause } {
  const by = 'steps';
  if (failed === 0)
    return { state: 'succeeded', cause: { by, message: 'every step has ended, and none in vain' } };
  const count = failed === 1 ? 'one step' : `${failed} steps`;
  return { state: 'failed', cause: { by, message: `${count} did not succeed` } };
}

/** The entry that ends a run. */
export function endedRun(
  { run_id }: Pick<RunRow, 'run_id'>,
  { cause, state }: { readonly state: 'succeeded' | 'failed' | 'canceled'; readonly cause: Cause },
  { actor = system.actor, summary = null }: { actor?: Draft['actor']; summary?: string | null } = {},
): Draft {
  const body = { state, cause, summary };
  return { type: 'run.ended', actor, subject: runSubject(run_id), body };
}
