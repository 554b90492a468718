import { detailOf, type ProposalDetail } from '@countersign/client/proposal-detail';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useFallbackPoll, useIsLive } from '../live/live-context.ts';
import { takeInto } from '../live/take-in.ts';
import { usePlane } from '../plane/plane-context.ts';
import { putInOrder } from './put-in-pages.ts';
import { slowedDown } from './slowed-down.ts';
import { uniqueBy } from './unique-by.ts';

const A_PAGE = 100;
const LOOKED_AGAIN_MS = 5_000;
const WAITING = 'pending_review';
const order = {
  idOf: ({ proposal_id }: ProposalDetail) => proposal_id,
  /** Undecided where they were asked for in the same millisecond and run out in the same. */
  compare: (a: ProposalDetail, b: ProposalDetail) =>
    time(a.expires_at) - time(b.expires_at) || time(a.created_at) - time(b.created_at),
};

/** The proposals that wait for a decision, a page at a time; what runs out first comes first. */
export function useWaitingProposals(source: string | undefined) {
  const { projectId, proposals } = usePlane();
  const poll = useFallbackPoll(LOOKED_AGAIN_MS);
  const isLive = useIsLive();
  return useInfiniteQuery({
    queryKey: [projectId, 'inbox', 'proposals', source ?? null],
    queryFn: async ({ pageParam, signal }) => {
      const filter = { status: WAITING, limit: A_PAGE, cursor: pageParam, source_id: source };
      const page = await proposals.list(filter, { signal });
      return { items: page.proposals.map(detailOf), next: page.next_cursor ?? undefined };
    },
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ next }) => next,
    refetchInterval: ({ state }) => slowedDown(poll, state.data?.pages.length),
    // Who is told of each change has nothing to look for.
    // To compare ten thousand with what they were takes longer than to show those on the screen.
    structuralSharing: false,
    ...(isLive ? { staleTime: Number.POSITIVE_INFINITY } : {}),
    meta: {
      takeIn: takeInto<ProposalDetail>({
        idsOf: ({ proposals: ids }) => ids,
        read: async (id) => {
          const detail = detailOf(await proposals.read(id));
          const isHere = detail.status === WAITING && (source === undefined || detail.source_id === source);
          return isHere ? detail : undefined;
        },
        put: (pages, changed) => putInOrder(pages, changed, order),
      }),
    },
    select: ({ pages }): readonly ProposalDetail[] =>
      uniqueBy(
        pages.flatMap(({ items }) => items),
        ({ proposal_id }) => proposal_id,
      ),
  });
}

function time(text: string | null | undefined): number {
  return text == null ? Number.MAX_SAFE_INTEGER : Date.parse(text);
}
