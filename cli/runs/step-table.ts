import { shortTime } from '../command/listing.ts';
import { facts, table, textOf } from '../output/table.ts';
import { type RunDetail, type StepDetail, stepHasEnded } from './run-detail.ts';

/** The steps of a run in their order, and the ids that other commands want of them. */
export function stepTable({ entries, steps }: RunDetail, emphasize: (text: string) => string): string {
  if (steps.length === 0) return 'no step yet\n';
  const byId = new Map(steps.map((step) => [step.step_id, step]));
  const words = wordsOf(entries ?? []);
  const columns = [
    { title: 'STEP', of: ({ number }: StepDetail) => number },
    { title: 'KIND', of: ({ kind }: StepDetail) => kind, isWhole: true },
    { title: 'WHAT', of: (step: StepDetail) => whatOf(step) ?? words.get(step.step_id) },
    { title: 'STATE', of: ({ status }: StepDetail) => status, isWhole: true },
    { title: 'WAITS FOR', of: (step: StepDetail) => waitsFor(step, byId) },
  ];
  const ids = facts(steps.flatMap(idOf));
  return `${table(columns, steps, emphasize)}${ids === '' ? '' : `\n${ids}`}`;
}

/** A step in a few words; undefined for one that is only told of in the record. */
export function whatOf({ artifact, task, title }: StepDetail): string | undefined {
  if (artifact?.name != null) return `${artifact.name}, version ${artifact.version ?? '-'}`;
  const named = [task?.task, title].filter((part) => part != null);
  return named.length === 0 ? undefined : named.join(': ');
}

/** What was read and what was noted, by step: it stands in the record alone. */
function wordsOf(entries: NonNullable<RunDetail['entries']>): ReadonlyMap<unknown, unknown> {
  const added = entries.filter(({ type }) => type === 'step.added');
  return new Map(added.map(({ body }) => [body?.step_id, body?.text]));
}

/** What an open step waits for; undefined for one that has ended. */
export function waitsFor(step: StepDetail, byId: ReadonlyMap<string, StepDetail>): string | undefined {
  if (stepHasEnded(step)) return undefined;
  const { task } = step;
  switch (step.status) {
    case 'waiting': {
      const open = (step.after ?? [])
        .map((id) => byId.get(id))
        .filter((parent) => parent !== undefined && !stepHasEnded(parent));
      return open.map((parent) => `step ${parent?.number}`).join(', ');
    }
    case 'queued':
      return task?.not_before == null
        ? `a worker for ${task?.plan?.handler ?? '-'}`
        : textOf(shortTime(task.not_before));
    case 'leased':
      return [task?.claim?.runner_id ?? 'a worker', progressOf(step)]
        .filter((part) => part !== '')
        .join(', ');
    default:
      return `the end of the ${step.kind}`;
  }
}

/** How far a worker says that it is; empty where it has said nothing. */
export function progressOf({ task }: StepDetail): string {
  const { percent, message } = task?.progress ?? {};
  return [percent == null ? [] : [`${percent} %`], message == null ? [] : [message]].flat().join(', ');
}

/** Of a task that can still be canceled, and of a proposal or an action: they are whole here, to be copied. */
function idOf(step: StepDetail): (readonly [string, string])[] {
  if (step.linked != null) return [[`${step.kind} ${step.number}`, step.linked]];
  return step.kind === 'task' && !stepHasEnded(step) ? [[`task ${step.number}`, step.step_id]] : [];
}
