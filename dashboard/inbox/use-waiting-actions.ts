import { type ActionDetail, actionDetailOf } from '@countersign/client/action-detail';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useFallbackPoll, useIsLive } from '../live/live-context.ts';
import { takeInto } from '../live/take-in.ts';
import { usePlane } from '../plane/plane-context.ts';
import { putNewestFirst } from './put-in-pages.ts';
import { slowedDown } from './slowed-down.ts';
import { uniqueBy } from './unique-by.ts';

/** A filter is applied to a page after it was cut, so a page looks through as many as it may. */
const A_PAGE = 500;
const LOOKED_AGAIN_MS = 5_000;
const WAITING = ['proposed', 'held'];
const idOf = ({ action_id }: ActionDetail) => action_id;

/** The actions that wait for a decision, a page at a time; a page may bring none while there are more. */
export function useWaitingActions() {
  const { actions, projectId } = usePlane();
  const poll = useFallbackPoll(LOOKED_AGAIN_MS);
  const isLive = useIsLive();
  return useInfiniteQuery({
    queryKey: [projectId, 'inbox', 'actions'],
    queryFn: async ({ pageParam, signal }) => {
      const pages = await Promise.all(
        WAITING.map((state) => actions.list({ state, limit: A_PAGE, cursor: pageParam }, { signal })),
      );
      // Newest first, by id: where one page looked less far than the other, the next begins there.
      const next = pages.map(({ next_cursor }) => next_cursor ?? '').toSorted();
      return {
        items: pages.flatMap((page) => page.actions.map(actionDetailOf)),
        next: next.at(-1) === '' ? undefined : next.at(-1),
      };
    },
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ next }) => next,
    refetchInterval: ({ state }) => slowedDown(poll, state.data?.pages.length),
    // To compare ten thousand with what they were takes longer than to show those on the screen.
    structuralSharing: false,
    ...(isLive ? { staleTime: Number.POSITIVE_INFINITY } : {}),
    meta: {
      takeIn: takeInto<ActionDetail>({
        idsOf: ({ actions: ids }) => ids,
        read: async (id) => {
          const detail = actionDetailOf(await actions.read(id));
          return WAITING.includes(detail.status) ? detail : undefined;
        },
        put: (pages, changed) => putNewestFirst(pages, changed, idOf),
      }),
    },
    select: ({ pages }): readonly ActionDetail[] =>
      uniqueBy(
        pages.flatMap(({ items }) => items),
        idOf,
      ),
  });
}
