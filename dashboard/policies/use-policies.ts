import { type PolicyDetail, policyDetailOf, policyIn } from '@countersign/client/policy-detail';
import { replayDetailOf } from '@countersign/client/policy-replay';
import { useQuery } from '@tanstack/react-query';
import { useFallbackPoll } from '../live/live-context.ts';
import { usePlane } from '../plane/plane-context.ts';

const LOOKED_AGAIN_MS = 5_000;

export function policiesKey(projectId: string) {
  return [projectId, 'policies'] as const;
}

/** Every policy of the project, by name. */
export function usePolicies() {
  const { policies, projectId } = usePlane();
  return useQuery({
    queryKey: [...policiesKey(projectId), 'list'],
    queryFn: async ({ signal }): Promise<readonly PolicyDetail[]> =>
      (await policies.list({ signal })).policies.map(policyDetailOf),
    refetchInterval: useFallbackPoll(LOOKED_AGAIN_MS),
  });
}

export function usePolicy(name: string) {
  const { policies, projectId } = usePlane();
  return useQuery({
    queryKey: [...policiesKey(projectId), 'one', name],
    queryFn: async ({ signal }) => policyIn(await policies.read(name, { signal })),
    refetchInterval: useFallbackPoll(LOOKED_AGAIN_MS),
  });
}

/** What the newest version would have done with what was proposed so far; asked for where `isWanted`. */
export function usePolicyReplay({ digest, name }: PolicyDetail, isWanted: boolean) {
  const { policies, projectId } = usePlane();
  return useQuery({
    queryKey: [...policiesKey(projectId), 'replay', name, digest],
    queryFn: async ({ signal }) => replayDetailOf(await policies.replay(name, { signal })),
    enabled: isWanted,
  });
}
