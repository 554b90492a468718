import type { ProposalState } from '@countersign/protocol/proposal-requests';
import * as z from 'zod';

/** What the address says of the list. What is not understood is not there; the page knows the states. */
export const proposalsSearchSchema = z.object({
  status: z.string().optional().catch(undefined),
  source: z.string().optional().catch(undefined),
  q: z.string().max(400).optional().catch(undefined),
});

/** What the list is narrowed to: a state, a source, and words. */
export interface ProposalsSearch extends Omit<z.infer<typeof proposalsSearchSchema>, 'status'> {
  readonly status?: ProposalState | undefined;
}
