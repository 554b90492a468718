import * as z from 'zod';
import { recordFilterFields } from './activity-requests.ts';
import { foreignIdSchema } from './values.ts';

/** PROTOCOL 2.3: what of the record is to be in a file. */
export const requestExportSchema = z.strictObject({
  project_id: foreignIdSchema.optional(),
  format: z.literal('jsonl').default('jsonl'),
  filters: z.strictObject(recordFilterFields).default({}),
});
