import { proposalStates } from '@countersign/protocol/proposal-requests';
import * as z from 'zod';

/** What the address says of the list: a state, a source, and words. What is not understood is not there. */
export const proposalsSearchSchema = z.object({
  status: z.enum(proposalStates).optional().catch(undefined),
  source: z.string().optional().catch(undefined),
  q: z.string().max(400).optional().catch(undefined),
});
export type ProposalsSearch = z.infer<typeof proposalsSearchSchema>;
