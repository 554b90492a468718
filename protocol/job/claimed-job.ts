import * as z from 'zod';
import { guardedUpdateJobSchema } from '../writeback-job.ts';
import { boundedSetJobSchema } from './bounded-set-job.ts';
import { compensationJobSchema } from './compensation-job.ts';
import { singleRowJobSchema } from './single-row-job.ts';

/**
 * One element of a claim's `jobs`. Of a "1.0" job our runner reads the published form beside it; of the later versions
 * the normalized form itself, which is strict.
 */
export const claimedJobSchema = z.discriminatedUnion('protocol_version', [
  guardedUpdateJobSchema,
  singleRowJobSchema,
  boundedSetJobSchema,
  compensationJobSchema,
]);
export type ClaimedJob = z.infer<typeof claimedJobSchema>;
