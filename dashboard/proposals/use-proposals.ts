import { detailOf, type ProposalDetail } from '@countersign/client/proposal-detail';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useFallbackPoll } from '../live/live-context.ts';
import type { Plane } from '../plane/plane.ts';
import { usePlane } from '../plane/plane-context.ts';
import { isListed } from './listed.ts';
import type { ProposalsSearch } from './proposals-search.ts';

const A_PAGE = 100;
/** Each of what is found is read by itself. */
const A_PAGE_FOUND = 20;
const LOOKED_AGAIN_MS = 5_000;

interface Found {
  readonly items: readonly ProposalDetail[];
  readonly next: string | undefined;
  /** Whether the index has read the whole record. */
  readonly isComplete: boolean;
}

/** All proposals, newest first, a page at a time; those that the words are in, where there are words. */
export function useProposals(search: ProposalsSearch) {
  const plane = usePlane();
  const poll = useFallbackPoll(LOOKED_AGAIN_MS);
  return useInfiniteQuery({
    queryKey: [plane.projectId, 'proposals', search],
    queryFn: ({ pageParam, signal }) =>
      search.q === undefined
        ? listed(plane, search, pageParam, signal)
        : found(plane, search.q, search, pageParam, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ next }) => next,
    refetchInterval: ({ state }) =>
      search.q !== undefined || (state.data?.pages.length ?? 0) > 1 ? false : poll,
    select: ({ pages }) => ({
      items: [...new Map(pages.flatMap(({ items }) => items).map((one) => [one.proposal_id, one])).values()],
      isComplete: pages.every(({ isComplete }) => isComplete),
    }),
  });
}

async function listed(
  { proposals }: Plane,
  { source, status }: ProposalsSearch,
  cursor: string | undefined,
  signal: AbortSignal,
): Promise<Found> {
  const page = await proposals.list({ status, source_id: source, limit: A_PAGE, cursor }, { signal });
  return { items: page.proposals.map(detailOf), next: page.next_cursor ?? undefined, isComplete: true };
}

async function found(
  { proposals, record }: Plane,
  q: string,
  search: ProposalsSearch,
  cursor: string | undefined,
  signal: AbortSignal,
): Promise<Found> {
  const page = await record.search({ q, limit: A_PAGE_FOUND, cursor }, { signal });
  const named = page.results.flatMap(({ proposal_id }) =>
    typeof proposal_id === 'string' ? [proposal_id] : [],
  );
  const read = await Promise.all([...new Set(named)].map((id) => proposals.read(id, { signal })));
  return {
    items: read.map(detailOf).filter((item) => isListed(item, search)),
    next: page.next_cursor ?? undefined,
    isComplete: page.is_complete !== false,
  };
}
