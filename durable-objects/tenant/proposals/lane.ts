import { frozenLane } from '../freezes/freeze.ts';
import type { ProposalRow } from '../schema.ts';

type Placed = Pick<ProposalRow, 'lane' | 'rank'>;
type Judged = Omit<ProposalRow, 'lane' | 'rank'>;

/** Where a proposal waits, and in which order: it follows from the rest of its row. */
export function laneOf(row: Judged): Placed {
  if (isUndecided(row)) {
    const { rehearsal } = row;
    if (rehearsal?.status === 'asked') return { lane: rehearsalLane(row.source_id), rank: rehearsal.until };
    if (rehearsal?.status === 'leased') return { lane: 'lease', rank: rehearsal.until };
    return { lane: 'review', rank: row.expires_at };
  }
  if (row.job_state === 'leased') return { lane: 'lease', rank: row.lease_expires_at };
  if (isUnsettled(row)) return { lane: 'unknown', rank: row.updated_at };
  if (row.job_state === 'dead_letter') return { lane: 'dead', rank: row.updated_at };
  if (row.job_state !== 'queued') return { lane: null, rank: null };
  if (row.not_before !== null) return { lane: 'later', rank: row.not_before };
  if (row.frozen_by !== null) return { lane: frozenLane(row.frozen_by), rank: row.queued_at };
  return { lane: queueLane(row.source_id), rank: row.queued_at };
}

/** Whether it waits for people: looked at, questioned, or being rehearsed for them. */
export function isUndecided({ state }: Pick<ProposalRow, 'state'>): boolean {
  return state === 'pending_review' || state === 'changes_requested' || state === 'rehearsing';
}

/** Whether nobody can tell what was written: a person must compare. */
function isUnsettled({ job_state, state }: Pick<ProposalRow, 'job_state' | 'state'>): boolean {
  return state === 'indeterminate' || job_state === 'reconciliation_required';
}

const QUEUE = 'queue/';
const REHEARSE = 'rehearse/';

/** Where proposals wait for a runner that rehearses at this source; the order is that of their deadlines. */
export function rehearsalLane(sourceId: string): string {
  return `${REHEARSE}${sourceId}`;
}

/** The source whose rehearsals wait in this lane, if it is one. */
export function rehearsalLaneOf(lane: string | null): string | undefined {
  return lane?.startsWith(REHEARSE) === true ? lane.slice(REHEARSE.length) : undefined;
}

/** Whether what stands in this lane is handed to runners. */
export function isHandedOut(lane: string | null): boolean {
  return queueOf(lane) !== undefined || rehearsalLaneOf(lane) !== undefined;
}

export function queueLane(sourceId: string): string {
  return `${QUEUE}${sourceId}`;
}

/** The source whose queue this lane is, if it is one. */
export function queueOf(lane: string | null): string | undefined {
  return lane?.startsWith(QUEUE) === true ? lane.slice(QUEUE.length) : undefined;
}
