import type { StepRow } from '../runs-schema.ts';

type Placed = Pick<StepRow, 'lane' | 'rank'>;

/** Where a task waits, and in which order: it follows from the rest of its row. Other steps wait nowhere. */
export function laneOfStep(
  row: Pick<StepRow, 'state' | 'plan' | 'not_before' | 'queued_seq' | 'claim_expires_at'>,
): Placed {
  if (row.state === 'leased') return { lane: 'lease', rank: row.claim_expires_at };
  if (row.state !== 'queued' || row.plan === null) return { lane: null, rank: null };
  if (row.not_before !== null) return { lane: 'later', rank: row.not_before };
  return { lane: taskLane(row.plan.handler), rank: row.queued_seq };
}

const QUEUE = 'task/';

export function taskLane(handler: string): string {
  return `${QUEUE}${handler}`;
}

/** The handler whose queue this lane is, if it is one. */
export function handlerOfLane(lane: string | null): string | undefined {
  return lane?.startsWith(QUEUE) === true ? lane.slice(QUEUE.length) : undefined;
}

/** Lanes of tasks in which something happens by the clock alone, at the rank. */
export const timedTaskLanes = ['later', 'lease'] as const;

export function isTimedTaskLane(lane: string | null): boolean {
  return timedTaskLanes.some((one) => one === lane);
}

const open: ReadonlySet<StepRow['state']> = new Set<StepRow['state']>([
  'waiting',
  'queued',
  'leased',
  'open',
]);

export function stepHasEnded({ state }: Pick<StepRow, 'state'>): boolean {
  return !open.has(state);
}
