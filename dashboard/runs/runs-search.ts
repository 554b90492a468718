import * as z from 'zod';

/** What the address says of the runs. What is not understood is not there; the page knows the states. */
export const runsSearchSchema = z.object({ state: z.string().optional().catch(undefined) });
