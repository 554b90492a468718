import * as z from 'zod';

export const contractTabs = ['allows', 'findings', 'changes', 'versions', 'document'] as const;
export type ContractTab = (typeof contractTabs)[number];

const id = z.string().optional().catch(undefined);

/** What the address says of a contract: which version is open, which part of it, and what it is compared with. */
export const contractSearchSchema = z.object({
  tab: z.enum(contractTabs).optional().catch(undefined),
  version: id,
  from: id,
});
export type ContractSearch = z.infer<typeof contractSearchSchema>;
