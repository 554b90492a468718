import type { RunOutline, StepDetail } from '@countersign/client/run-detail';

const ENDED: ReadonlySet<string> = new Set(['succeeded', 'failed', 'canceled', 'dead_letter']);

export function stepHasEnded({ status }: StepDetail): boolean {
  return ENDED.has(status);
}

/** A step in a few words; undefined where nothing is told of it but its kind. */
export function whatOf({ artifact, task, text, title }: StepDetail): string | undefined {
  if (artifact?.name != null) return `${artifact.name}, version ${artifact.version ?? '-'}`;
  const named = [task?.task, title].filter((part) => part != null);
  return named.length === 0 ? (text ?? undefined) : named.join(': ');
}

/** Why a step stands where it does: what an open one waits for, and what ended the others. */
export function standingOf(step: StepDetail, steps: readonly StepDetail[]): string | undefined {
  if (stepHasEnded(step)) return step.cause?.message ?? undefined;
  const { task } = step;
  switch (step.status) {
    case 'waiting': {
      const open = steps.filter((one) => step.after?.includes(one.step_id) === true && !stepHasEnded(one));
      return `waits for ${open.map((one) => `step ${one.number}`).join(', ')}`;
    }
    case 'queued':
      return task?.not_before == null ? `waits for a worker for ${task?.plan?.handler ?? '-'}` : 'rests';
    case 'leased':
      return [`${task?.claim?.runner_id ?? 'a worker'} is at it`, progressOf(step)]
        .filter(Boolean)
        .join(', ');
    default:
      return `waits for the end of the ${step.kind}`;
  }
}

/** How far a worker says that it is; empty where it has said nothing. */
function progressOf({ task }: StepDetail): string {
  const { percent, message } = task?.progress ?? {};
  return [percent == null ? [] : [`${percent} %`], message == null ? [] : [message]].flat().join(', ');
}

/** `5 steps, 2 open, 1 in vain`. */
export function countText({ steps_failed, steps_open, steps_total }: RunOutline): string {
  const total = steps_total ?? 0;
  return [
    `${total} ${total === 1 ? 'step' : 'steps'}`,
    ...(steps_open == null || steps_open === 0 ? [] : [`${steps_open} open`]),
    ...(steps_failed == null || steps_failed === 0 ? [] : [`${steps_failed} in vain`]),
  ].join(', ');
}
