import type { ProposalRow } from '../schema.ts';

type Placed = Pick<ProposalRow, 'lane' | 'rank'>;
type Judged = Omit<ProposalRow, 'lane' | 'rank'>;

/** Where a proposal waits, and in which order: it follows from the rest of its row. */
export function laneOf(row: Judged): Placed {
  if (row.state === 'pending_review') return { lane: 'review', rank: row.expires_at };
  if (row.job_state === 'leased') return { lane: 'lease', rank: row.lease_expires_at };
  if (row.job_state === 'dead_letter') return { lane: 'dead', rank: row.updated_at };
  if (row.job_state !== 'queued') return { lane: null, rank: null };
  if (row.not_before !== null) return { lane: 'later', rank: row.not_before };
  return { lane: queueLane(row.source_id), rank: row.queued_at };
}

const QUEUE = 'queue/';

export function queueLane(sourceId: string): string {
  return `${QUEUE}${sourceId}`;
}

/** The source whose queue this lane is, if it is one. */
export function queueOf(lane: string | null): string | undefined {
  return lane?.startsWith(QUEUE) === true ? lane.slice(QUEUE.length) : undefined;
}
