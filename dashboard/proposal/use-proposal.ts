import { withBounds } from '@countersign/client/proposal-bounds';
import { detailOf, type ProposalDetail } from '@countersign/client/proposal-detail';
import { type QueryClient, useQuery } from '@tanstack/react-query';
import { useFallbackPoll } from '../live/live-context.ts';
import type { Plane } from '../plane/plane.ts';
import { usePlane } from '../plane/plane-context.ts';

const LOOKED_AGAIN_MS = 2_000;

export function proposalKey(projectId: string, proposalId: string) {
  return [projectId, 'proposal', proposalId] as const;
}

/** One proposal, with the bounds of its contract; `known` is shown until it has been read. */
export function useProposal(proposalId: string, known?: ProposalDetail) {
  const plane = usePlane();
  const poll = useFallbackPoll(LOOKED_AGAIN_MS);
  return useQuery({
    queryKey: proposalKey(plane.projectId, proposalId),
    queryFn: ({ signal }) => readProposal(plane, proposalId, signal),
    refetchInterval: ({ state }) => (state.data?.terminal === true ? false : poll),
    ...(known === undefined ? {} : { placeholderData: known }),
  });
}

async function readProposal(plane: Plane, id: string, signal: AbortSignal): Promise<ProposalDetail> {
  const detail = detailOf(await plane.proposals.read(id, { signal }));
  return withBounds(async () => plane.contracts, detail, signal);
}

/** Reads it anew wherever it is shown. */
export function readAgain(client: QueryClient, { projectId }: Plane, proposalId: string): Promise<void> {
  return client.invalidateQueries({ queryKey: proposalKey(projectId, proposalId) });
}
