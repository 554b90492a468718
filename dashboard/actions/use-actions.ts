import { type ActionDetail, actionDetailOf } from '@countersign/client/action-detail';
import type { ActionState } from '@countersign/protocol/action/action-requests';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useFallbackPoll } from '../live/live-context.ts';
import { usePlane } from '../plane/plane-context.ts';

/** A filter is applied to a page after it was cut, so a page looks through many. */
const A_PAGE = 200;
const LOOKED_AGAIN_MS = 3_000;

/** Actions, the newest first, a page at a time. A page may bring fewer than it looked through, or none. */
export function useActions(state: ActionState | undefined) {
  const { actions, projectId } = usePlane();
  return useInfiniteQuery({
    queryKey: [projectId, 'actions', 'list', state ?? null],
    queryFn: async ({ pageParam, signal }) => {
      const page = await actions.list({ state, limit: A_PAGE, cursor: pageParam }, { signal });
      return { items: page.actions.map(actionDetailOf), next: page.next_cursor ?? undefined };
    },
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ next }) => next,
    refetchInterval: useFallbackPoll(LOOKED_AGAIN_MS),
    select: ({ pages }): readonly ActionDetail[] => pages.flatMap(({ items }) => items),
  });
}
