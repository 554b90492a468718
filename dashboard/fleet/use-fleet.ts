import type { RunnerView } from '@countersign/client/fleet-api';
import { detailOf } from '@countersign/client/proposal-detail';
import { type QueryClient, useQuery } from '@tanstack/react-query';
import { useFallbackPoll } from '../live/live-context.ts';
import type { Plane } from '../plane/plane.ts';
import { usePlane } from '../plane/plane-context.ts';

const LOOKED_AGAIN_MS = 3_000;
/** A runner that is not heard of any more tells nobody. */
const LOOKED_AGAIN_LIVE_MS = 15_000;
const HISTORY_LOOKED_AGAIN_MS = 10_000;
const MOST_AT_ONCE = 500;
/** More at once are counted, not shown. */
export const MOST_WRITES_SHOWN = 100;

/** What holds work back. */
export function useFreezes() {
  const { fleet, projectId } = usePlane();
  return useQuery({
    queryKey: [projectId, 'fleet', 'freezes'],
    queryFn: ({ signal }) => fleet.freezes({ signal }),
    refetchInterval: useFallbackPoll(LOOKED_AGAIN_MS, LOOKED_AGAIN_LIVE_MS),
  });
}

export function useHealth() {
  const { fleet, projectId } = usePlane();
  return useQuery({
    queryKey: [projectId, 'fleet', 'health'],
    queryFn: ({ signal }) => fleet.health({ signal }),
    refetchInterval: useFallbackPoll(LOOKED_AGAIN_MS, LOOKED_AGAIN_LIVE_MS),
  });
}

/** How work went: thousands of entries are told in it, so it is asked by the clock and not at each change. */
export function useHistory() {
  const { fleet, projectId } = usePlane();
  return useQuery({
    queryKey: [projectId, 'history'],
    queryFn: ({ signal }) => fleet.history({ signal }),
    refetchInterval: HISTORY_LOOKED_AGAIN_MS,
    staleTime: HISTORY_LOOKED_AGAIN_MS,
  });
}

/** Every runner, page by page. */
export function useRunners() {
  const { fleet, projectId } = usePlane();
  return useQuery({
    queryKey: [projectId, 'fleet', 'runners'],
    queryFn: async ({ signal }) => {
      const all: RunnerView[] = [];
      let cursor: string | undefined;
      do {
        const page = await fleet.runners({ limit: MOST_AT_ONCE, cursor }, { signal });
        all.push(...page.runners);
        cursor = page.next_cursor ?? undefined;
      } while (cursor !== undefined);
      return all;
    },
    refetchInterval: useFallbackPoll(LOOKED_AGAIN_MS, LOOKED_AGAIN_LIVE_MS),
  });
}

/** The changes that runners have in hand, by when their leases end. */
export function useBeingWritten() {
  const { projectId, proposals } = usePlane();
  return useQuery({
    queryKey: [projectId, 'fleet', 'leased'],
    queryFn: async ({ signal }) => {
      const page = await proposals.list({ job_status: 'leased', limit: MOST_WRITES_SHOWN }, { signal });
      return page.proposals.map(detailOf);
    },
    refetchInterval: useFallbackPoll(LOOKED_AGAIN_MS, LOOKED_AGAIN_LIVE_MS),
  });
}

/** Reads all of it anew. */
export function readFleetAgain(client: QueryClient, { projectId }: Plane): Promise<void> {
  return client.invalidateQueries({ queryKey: [projectId, 'fleet'] });
}
