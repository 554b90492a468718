import type { WorkHistory } from '@countersign/client/fleet-api';
import { type Column, table } from '../output/table.ts';

interface Stretch {
  readonly from: string;
  readonly applied: number | undefined;
  readonly conflict: number | undefined;
  readonly failed: number;
  readonly queue: string | null;
  readonly decision: string | null;
  readonly lapsed: number;
}

const columns: readonly Column<Stretch>[] = [
  { title: 'FROM (UTC)', of: ({ from }) => from, isWhole: true },
  { title: 'APPLIED', of: ({ applied }) => applied },
  { title: 'CONFLICT', of: ({ conflict }) => conflict },
  { title: 'FAILED', of: ({ failed }) => failed },
  { title: 'QUEUE', of: ({ queue }) => queue },
  { title: 'DECISION', of: ({ decision }) => decision },
  { title: 'LAPSED', of: ({ lapsed }) => lapsed },
];

/** A line for each stretch of time, and what happened in it. */
export function historyText(history: WorkHistory, emphasize: (text: string) => string): string {
  const { applies, decision_seconds, entries, lapses, pieces, queue_seconds, since, until } = history;
  if (entries === 0) return 'Nothing has happened yet.\n';
  const from = Date.parse(since);
  const length = (Date.parse(until) - from) / pieces;
  const rows = Array.from(
    { length: pieces },
    (_, piece): Stretch => ({
      from: new Date(from + piece * length).toISOString().slice(0, 19),
      applied: applies.applied[piece],
      conflict: applies.conflict[piece],
      failed: (applies.failed[piece] ?? 0) + (applies.other[piece] ?? 0),
      queue: seconds(queue_seconds.longest[piece]),
      decision: seconds(decision_seconds.longest[piece]),
      lapsed: (lapses.changes[piece] ?? 0) + (lapses.actions[piece] ?? 0) + (lapses.tasks[piece] ?? 0),
    }),
  );
  return table(columns, rows, emphasize);
}

/** The longest wait; a dash where nothing ended one. */
function seconds(value: number | null | undefined): string | null {
  return value == null ? null : `${value.toFixed(value < 10 ? 1 : 0)} s`;
}
