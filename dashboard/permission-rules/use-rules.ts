import { useQuery } from '@tanstack/react-query';
import { useFallbackPoll } from '../live/live-context.ts';
import { usePlane } from '../plane/plane-context.ts';

const LOOKED_AGAIN_MS = 5_000;

export function rulesKey(projectId: string) {
  return [projectId, 'permissions'] as const;
}

/** The rules over who may ask for what, and whether they hold. */
export function useRules() {
  const { projectId, rules } = usePlane();
  return useQuery({
    queryKey: rulesKey(projectId),
    queryFn: ({ signal }) => rules.read({ signal }),
    refetchInterval: useFallbackPoll(LOOKED_AGAIN_MS),
  });
}
