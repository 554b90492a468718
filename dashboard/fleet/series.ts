import type { WorkHistory } from '@countersign/client/fleet-api';

export type Unit = 'count' | 'seconds';
export type SeriesTone = 'good' | 'warn' | 'bad' | 'accent';

export interface Series {
  readonly label: string;
  readonly tone: SeriesTone;
  /** One for each piece; null where there was nothing to measure. */
  readonly values: readonly (number | null)[];
}
export interface Chart {
  readonly title: string;
  /** What is told, in one sentence. */
  readonly text: string;
  readonly unit: Unit;
  readonly series: readonly Series[];
}

/** The beginnings of the pieces, Unix seconds. */
export function timesOf({ pieces, since, until }: WorkHistory): readonly number[] {
  const from = Date.parse(since);
  const length = Math.max(1, Date.parse(until) - from) / pieces;
  return Array.from({ length: pieces }, (_, piece) => Math.round((from + piece * length) / 1_000));
}

export function chartsOf({
  applies,
  decision_seconds,
  lapses,
  queue_seconds,
}: WorkHistory): readonly Chart[] {
  return [
    {
      title: 'Applies by outcome',
      text: 'What runners reported of changes.',
      unit: 'count',
      series: [
        { label: 'applied', tone: 'good', values: applies.applied },
        { label: 'conflict', tone: 'warn', values: applies.conflict },
        { label: 'failed', tone: 'bad', values: applies.failed },
        { label: 'other', tone: 'accent', values: applies.other },
      ],
    },
    {
      title: 'Queue age',
      text: 'How long changes that were let go waited until a runner took them.',
      unit: 'seconds',
      series: waits(queue_seconds),
    },
    {
      title: 'Time to decision',
      text: 'From the proposal until it was approved or rejected, by people and policies.',
      unit: 'seconds',
      series: waits(decision_seconds),
    },
    {
      title: 'Lease expiries',
      text: 'Work that a runner took and said nothing of in time; it goes to another one.',
      unit: 'count',
      series: [
        { label: 'changes', tone: 'bad', values: lapses.changes },
        { label: 'actions', tone: 'warn', values: lapses.actions },
        { label: 'tasks', tone: 'accent', values: lapses.tasks },
      ],
    },
  ];
}

function waits({ longest, median }: WorkHistory['queue_seconds']): readonly Series[] {
  return [
    { label: 'longest', tone: 'warn', values: longest },
    { label: 'median', tone: 'accent', values: median },
  ];
}
