import type { LedgerEntry } from '@countersign/protocol/ledger';
import { useInfiniteQuery } from '@tanstack/react-query';
import { usePlane } from '../plane/plane-context.ts';

const A_PAGE = 500;

/** What stands before the tail, a page at a time backwards, read only once it is asked for; oldest first. */
export function useOlder(through: number) {
  const { projectId, proposals } = usePlane();
  return useInfiniteQuery({
    queryKey: [projectId, 'older', through],
    queryFn: async ({ pageParam, signal }) => {
      const after = Math.max(0, pageParam - A_PAGE);
      const { entries } = await proposals.ledger(
        { cursor: String(after), limit: pageParam - after },
        { signal },
      );
      return { entries, after };
    },
    initialPageParam: through,
    getNextPageParam: ({ after }) => (after > 0 ? after : undefined),
    enabled: false,
    select: ({ pages }): readonly LedgerEntry[] => pages.toReversed().flatMap(({ entries }) => entries),
  });
}
