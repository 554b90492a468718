/** How many proposals wait in each lane; kept in the head, so that a depth never costs a count. */
export interface Counters {
  readonly review: number;
  readonly rehearsal: number;
  readonly queue: number;
  readonly later: number;
  readonly lease: number;
  readonly dead: number;
}

export const noCounters: Counters = { review: 0, rehearsal: 0, queue: 0, later: 0, lease: 0, dead: 0 };

/** The counters after a proposal moved from one lane to another; null is no lane. */
export function moveBetweenLanes(counters: Counters, from: string | null, to: string | null): Counters {
  // A head may be older than one of the counters.
  const changed = { ...noCounters, ...counters };
  const left = counterOf(from);
  const entered = counterOf(to);
  if (left !== undefined) changed[left] -= 1;
  if (entered !== undefined) changed[entered] += 1;
  return changed;
}

function counterOf(lane: string | null): keyof Counters | undefined {
  if (lane === null) return undefined;
  if (lane.startsWith('queue/')) return 'queue';
  if (lane.startsWith('rehearse/')) return 'rehearsal';
  return lane === 'review' || lane === 'later' || lane === 'lease' || lane === 'dead' ? lane : undefined;
}
