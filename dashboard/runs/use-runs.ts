import { type RunOutline, runOutlineOf } from '@countersign/client/run-detail';
import type { RunState } from '@countersign/protocol/run/run-requests';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useFallbackPoll } from '../live/live-context.ts';
import { usePlane } from '../plane/plane-context.ts';

/** A filter is applied to a page after it was cut, so a page looks through many. */
const A_PAGE = 100;
const LOOKED_AGAIN_MS = 3_000;

/** Runs, the newest first, a page at a time. A page may bring fewer than it looked through, or none. */
export function useRuns(state: RunState | undefined) {
  const { projectId, runs } = usePlane();
  return useInfiniteQuery({
    queryKey: [projectId, 'runs', state ?? null],
    queryFn: async ({ pageParam, signal }) => {
      const page = await runs.list({ state, limit: A_PAGE, cursor: pageParam }, { signal });
      return { items: page.runs.map(runOutlineOf), next: page.next_cursor ?? undefined };
    },
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ next }) => next,
    refetchInterval: useFallbackPoll(LOOKED_AGAIN_MS),
    select: ({ pages }): readonly RunOutline[] => pages.flatMap(({ items }) => items),
  });
}
