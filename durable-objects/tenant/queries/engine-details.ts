import type { RawRow, Statement } from '../storage/database.ts';
import type { TurnRecord } from '../turn/turn-record.ts';
import { deadlineRead, nextDeadline } from './next-deadlines.ts';
import { time } from './proposal-view.ts';
import { stuckItems, stuckReads } from './stuck-items.ts';

/** What the object knows of its own work. It is memory: it says since when. */
export interface Workings {
  readonly record: TurnRecord;
  /** When the object's alarm rings: Unix milliseconds, or null where none is set. */
  alarmAt(): Promise<number | null>;
}

export function detailReads(tenant: string, now: number): readonly Statement[] {
  return [deadlineRead(tenant), ...stuckReads(tenant, now)];
}

/** What an operator looks at when the counts are not enough: how turns went, the alarm, and which items are stuck. */
export async function engineDetails(
  [deadlines = [], ...stuck]: readonly (readonly RawRow[])[],
  { alarmAt, record }: Workings,
) {
  const at = await alarmAt();
  const due = nextDeadline(deadlines);
  const { failedGuards, lostBatches, overloads, read, recalled } = record.counts;
  return {
    turns: record.summary(),
    /** Of turns' reads; what is remembered is taken for granted behind the head's guard. */
    row_memory: { hits: recalled, misses: read },
    failed_guards: failedGuards,
    lost_batches: lostBatches,
    overloads,
    last_sweep_at: record.lastSweepAt === undefined ? null : time(record.lastSweepAt),
    alarm: {
      at: at === null ? null : time(at),
      next_due: due === undefined ? null : { what: due.what, at: time(due.at) },
    },
    stuck: stuckItems(stuck),
  };
}
