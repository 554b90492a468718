import * as z from 'zod';

export const registryTabs = ['pieces', 'changes'] as const;

/** What the address says of the registry. */
export const registrySearchSchema = z.object({
  tab: z.enum(registryTabs).optional().catch(undefined),
  /** Which kind is shown alone. */
  kind: z.string().optional().catch(undefined),
});

const number = z.int().min(1).optional().catch(undefined);

/** Which two versions of a piece are compared. */
export const pieceSearchSchema = z.object({ from: number, to: number });
