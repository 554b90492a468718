import * as z from 'zod';

/** What the address says of the inbox: filters, and which decision is open. What is not understood is not there. */
export const inboxSearchSchema = z.object({
  item: z.string().optional().catch(undefined),
  capability: z.string().optional().catch(undefined),
  source: z.string().optional().catch(undefined),
  target: z.string().optional().catch(undefined),
  by: z.string().optional().catch(undefined),
});
export type InboxSearch = z.infer<typeof inboxSearchSchema>;
