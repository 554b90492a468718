import type { ProposalDetail } from '@countersign/client/proposal-detail';
import { useQuery } from '@tanstack/react-query';
import { useMay, usePlane } from '../plane/plane-context.ts';
import { readStory } from './read-story.ts';

/** What happened to a proposal; read anew when something more has. */
export function useStory({ ledger_seq, proposal_id }: ProposalDetail) {
  const plane = usePlane();
  const mayRead = useMay('replay-proposal');
  return useQuery({
    queryKey: [plane.projectId, 'story', proposal_id, ledger_seq ?? null],
    queryFn: ({ signal }) => readStory(plane, proposal_id, signal),
    enabled: mayRead,
  });
}
