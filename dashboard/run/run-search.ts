import * as z from 'zod';

/** What the address says of the page of a run: which step and which entry of the ledger are open. */
export const runSearchSchema = z.object({
  step: z.string().optional().catch(undefined),
  entry: z.int().min(1).optional().catch(undefined),
});
