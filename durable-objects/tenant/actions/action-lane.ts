import type { ActionRow } from '../actions-schema.ts';
import { frozenLane } from '../freezes/freeze.ts';

type Placed = Pick<ActionRow, 'lane' | 'rank'>;

/** Where an action waits, and in which order: it follows from the rest of its row. */
export function laneOfAction(row: Omit<ActionRow, 'lane' | 'rank'>): Placed {
  switch (row.state) {
    case 'proposed':
    case 'held':
      return { lane: 'review', rank: row.expires_at };
    case 'queued':
      if (row.after_proposal !== null) return { lane: 'tied', rank: row.expires_at };
      if (row.not_before !== null) return { lane: 'later', rank: row.not_before };
      if (row.frozen_by !== null) return { lane: frozenLane(row.frozen_by), rank: row.queued_seq };
      return {
        lane: row.is_behind && row.order_key !== null ? orderLane(row.order_key) : queueLane(row.target),
        rank: row.queued_seq,
      };
    case 'claimed':
      return { lane: 'lease', rank: row.claim_expires_at };
    case 'unknown':
      return { lane: 'unknown', rank: row.queued_seq };
    case 'dead_letter':
      return { lane: deadLane(row.target), rank: row.queued_seq };
    default:
      return { lane: null, rank: null };
  }
}

const QUEUE = 'queue/';

export function queueLane(target: string): string {
  return `${QUEUE}${target}`;
}

/** The target whose queue this lane is, if it is one. */
export function targetOfLane(lane: string | null): string | undefined {
  return lane?.startsWith(QUEUE) === true ? lane.slice(QUEUE.length) : undefined;
}

export function orderLane(key: string): string {
  return `order/${key}`;
}

export function deadLane(target: string): string {
  return `dead/${target}`;
}

/** Lanes in which something happens by the clock alone, at the rank. */
export const timedLanes = ['review', 'tied', 'later', 'lease'] as const;

export function isTimedLane(lane: string | null): boolean {
  return timedLanes.some((one) => one === lane);
}

/** States after which nothing more happens to an action. */
const ended: ReadonlySet<ActionRow['state']> = new Set<ActionRow['state']>([
  ...(['succeeded', 'failed', 'rejected', 'canceled', 'expired'] as const),
]);

export function hasEnded({ state }: Pick<ActionRow, 'state'>): boolean {
  return ended.has(state);
}

/** Whether it waits for people to let it go. */
export function isUndecidedAction({ state }: Pick<ActionRow, 'state'>): boolean {
  return state === 'proposed' || state === 'held';
}
