const HOUR_MS = 3_600_000;
/** A snapshot that is this many intervals old is overdue, and somebody must know. */
const OVERDUE_AFTER = 2;

/** When things were done last, in Unix milliseconds; null: never. */
export interface LastDone {
  readonly snapshotAt: number | null;
  readonly proofAt: number | null;
  /** When the project came under this roof. */
  readonly since: number;
}

interface Intervals {
  readonly everyHours: number | null;
  readonly proveEveryHours: number | null;
}

export type Due =
  | { readonly kind: 'snapshot' | 'proof' }
  | { readonly kind: 'later'; readonly at: number | null };

/** What is to be done by the clock. A snapshot goes before a proof: it may be what is proven. */
export function dueWork({ everyHours, proveEveryHours }: Intervals, last: LastDone, now: number): Due {
  const snapshotAt = dueAt(everyHours, last.snapshotAt, last.since);
  if (snapshotAt !== null && snapshotAt <= now) return { kind: 'snapshot' };
  // Before the first snapshot there is nothing to prove.
  const proofAt = last.snapshotAt === null ? null : dueAt(proveEveryHours, last.proofAt, last.snapshotAt);
  if (proofAt !== null && proofAt <= now) return { kind: 'proof' };
  const times = [snapshotAt, proofAt].filter((time) => time !== null);
  return { kind: 'later', at: times.length === 0 ? null : Math.min(...times) };
}

function dueAt(hours: number | null, lastAt: number | null, since: number): number | null {
  return hours === null ? null : (lastAt ?? since - hours * HOUR_MS) + hours * HOUR_MS;
}

export function isOverdue({ everyHours }: Intervals, { since, snapshotAt }: LastDone, now: number): boolean {
  if (everyHours === null) return false;
  return now - (snapshotAt ?? since) > OVERDUE_AFTER * everyHours * HOUR_MS;
}
