import { printable } from '@countersign/client/printable';
import { type RunDetail, type StepDetail, stepHasEnded } from './run-detail.ts';
import { progressOf, waitsFor, whatOf } from './step-table.ts';

/** What is new in a run since it was seen last, a line for each step; all of its steps where it was not seen yet. */
export function changesSince(before: RunDetail | undefined, { steps }: RunDetail): string {
  const known = new Map(before?.steps.map((step) => [step.step_id, step]));
  const byId = new Map(steps.map((step) => [step.step_id, step]));
  return steps
    .map((step) => changeOf(known.get(step.step_id), step, byId))
    .filter((line) => line !== undefined)
    .map((line) => `${printable(line)}\n`)
    .join('');
}

function changeOf(
  before: StepDetail | undefined,
  step: StepDetail,
  byId: ReadonlyMap<string, StepDetail>,
): string | undefined {
  const named = `step ${step.number}`;
  if (before === undefined) {
    const what = whatOf(step);
    return `${named}: ${step.kind}${what === undefined ? '' : ` ${what}`}, ${standing(step, byId)}`;
  }
  if (before.status !== step.status) return `${named}: ${before.status} -> ${standing(step, byId)}`;
  const isOfAnother = before.task?.attempts !== step.task?.attempts;
  if (isOfAnother) return `${named}: ${standing(step, byId)}, attempt ${step.task?.attempts ?? '-'}`;
  return progressOf(before) === progressOf(step) ? undefined : `${named}: ${standing(step, byId)}`;
}

/** Its state, with what it waits for or why it ended so. */
function standing(step: StepDetail, byId: ReadonlyMap<string, StepDetail>): string {
  const why = stepHasEnded(step) ? step.cause?.message : waitsFor(step, byId);
  return why == null ? step.status : `${step.status}: ${why}`;
}

/** How a run has ended, in a line. */
export function endLine({ cause, status }: RunDetail): string {
  return `${printable(cause?.message == null ? status : `${status}: ${cause.message}`)}\n`;
}
