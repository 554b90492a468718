import { type ActionDetail, actionDetailOf } from '@countersign/client/action-detail';
import { type QueryClient, useQuery } from '@tanstack/react-query';
import { useFallbackPoll } from '../live/live-context.ts';
import type { Plane } from '../plane/plane.ts';
import { usePlane } from '../plane/plane-context.ts';

const LOOKED_AGAIN_MS = 2_000;

export function actionKey(projectId: string, actionId: string) {
  return [projectId, 'action', actionId] as const;
}

/** One action; `known` is shown until it has been read. */
export function useAction(actionId: string, known?: ActionDetail) {
  const { actions, projectId } = usePlane();
  const poll = useFallbackPoll(LOOKED_AGAIN_MS);
  return useQuery({
    queryKey: actionKey(projectId, actionId),
    queryFn: async ({ signal }) => actionDetailOf(await actions.read(actionId, { signal })),
    refetchInterval: ({ state }) => (state.data?.terminal === true ? false : poll),
    ...(known === undefined ? {} : { placeholderData: known }),
  });
}

/** Reads it anew wherever it is shown. */
export async function readActionAgain(
  client: QueryClient,
  { projectId }: Plane,
  actionId: string,
): Promise<void> {
  await Promise.all([
    client.invalidateQueries({ queryKey: actionKey(projectId, actionId) }),
    client.invalidateQueries({ queryKey: [projectId, 'actions'] }),
  ]);
}
