import { controlChangeOf } from '@countersign/client/control-change';
import type { ControlKind } from '@countersign/protocol/control/control-document';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useFallbackPoll } from '../live/live-context.ts';
import { usePlane } from '../plane/plane-context.ts';

const A_PAGE = 100;
const LOOKED_AGAIN_MS = 5_000;

export function registryKey(projectId: string) {
  return [projectId, 'registry'] as const;
}

/** Every piece, by kind and name, a page at a time. */
export function usePieces() {
  const { control, projectId } = usePlane();
  return useInfiniteQuery({
    queryKey: [...registryKey(projectId), 'pieces'],
    queryFn: ({ pageParam, signal }) => control.list({ limit: A_PAGE, cursor: pageParam }, { signal }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ next_cursor }) => next_cursor ?? undefined,
    refetchInterval: useFallbackPoll(LOOKED_AGAIN_MS),
    select: ({ pages }) => pages.flatMap(({ pieces }) => pieces),
  });
}

/** One piece with every version of it, newest first. */
export function usePiece(kind: ControlKind, name: string, isWanted: boolean) {
  const { control, projectId } = usePlane();
  return useQuery({
    queryKey: [...registryKey(projectId), 'piece', kind, name],
    queryFn: ({ signal }) => control.read(kind, name, { signal }),
    refetchInterval: useFallbackPoll(LOOKED_AGAIN_MS),
    enabled: isWanted,
  });
}

/** What steers agents or bounds them, each time that it changed, newest first. */
export function useControlChanges() {
  const { control, projectId } = usePlane();
  return useInfiniteQuery({
    queryKey: [projectId, 'changes'],
    queryFn: ({ pageParam, signal }) => control.changes({ limit: A_PAGE, cursor: pageParam }, { signal }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ next_cursor }) => next_cursor ?? undefined,
    refetchInterval: useFallbackPoll(LOOKED_AGAIN_MS),
    select: ({ pages }) => pages.flatMap(({ changes }) => changes.map(controlChangeOf)),
  });
}
