import { detailOf, type ProposalDetail } from '@countersign/client/proposal-detail';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useFallbackPoll } from '../live/live-context.ts';
import { usePlane } from '../plane/plane-context.ts';
import { uniqueBy } from './unique-by.ts';

const A_PAGE = 100;
const LOOKED_AGAIN_MS = 5_000;

/** The proposals that wait for a decision, a page at a time; what runs out first comes first. */
export function useWaitingProposals(source: string | undefined) {
  const { projectId, proposals } = usePlane();
  return useInfiniteQuery({
    queryKey: [projectId, 'inbox', 'proposals', source ?? null],
    queryFn: async ({ pageParam, signal }) => {
      const filter = { status: 'pending_review', limit: A_PAGE, cursor: pageParam, source_id: source };
      const page = await proposals.list(filter, { signal });
      return { items: page.proposals.map(detailOf), next: page.next_cursor ?? undefined };
    },
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ next }) => next,
    refetchInterval: useFallbackPoll(LOOKED_AGAIN_MS),
    select: ({ pages }): readonly ProposalDetail[] =>
      uniqueBy(
        pages.flatMap(({ items }) => items),
        ({ proposal_id }) => proposal_id,
      ),
  });
}
