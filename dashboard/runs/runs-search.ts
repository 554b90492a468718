import { runStates } from '@countersign/protocol/run/run-requests';
import * as z from 'zod';

/** What the address says of the runs. What is not understood is not there. */
export const runsSearchSchema = z.object({ state: z.enum(runStates).optional().catch(undefined) });
