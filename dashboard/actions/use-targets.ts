import { targetDetailOf } from '@countersign/client/action-detail';
import { useQuery } from '@tanstack/react-query';
import { useFallbackPoll } from '../live/live-context.ts';
import { usePlane } from '../plane/plane-context.ts';

const LOOKED_AGAIN_MS = 3_000;

/** Accounts at providers that are in trouble or were. */
export function useTargets() {
  const { actions, projectId } = usePlane();
  return useQuery({
    queryKey: [projectId, 'actions', 'targets'],
    queryFn: async ({ signal }) => (await actions.targets({ signal })).targets.map(targetDetailOf),
    refetchInterval: useFallbackPoll(LOOKED_AGAIN_MS),
  });
}
