import * as z from 'zod';

export const ledgerViews = ['tail', 'search', 'proof'] as const;
export type LedgerViewName = (typeof ledgerViews)[number];

/** What the address says of the ledger's page. What is not understood is not there. */
export const ledgerSearchSchema = z.object({
  view: z.enum(ledgerViews).optional().catch(undefined),
  /** Of what the entries are: `proposal`, `job`, the first half of their type. */
  noun: z.string().optional().catch(undefined),
  /** The sequence of the entry that is open. */
  entry: z.number().int().min(1).optional().catch(undefined),
  q: z.string().max(400).optional().catch(undefined),
  kind: z.enum(['proposal', 'evidence', 'receipt']).optional().catch(undefined),
});
export type LedgerSearch = z.infer<typeof ledgerSearchSchema>;
