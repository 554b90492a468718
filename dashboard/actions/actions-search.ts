import * as z from 'zod';

export const actionTabs = ['queue', 'providers', 'dead-letters'] as const;
export type ActionTab = (typeof actionTabs)[number];

/** What the address says of the actions. What is not understood is not there; the page knows the states. */
export const actionsSearchSchema = z.object({
  tab: z.enum(actionTabs).optional().catch(undefined),
  state: z.string().optional().catch(undefined),
});
