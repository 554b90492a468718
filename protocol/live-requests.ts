import * as z from 'zod';
import { digestSchema, foreignIdSchema } from './values.ts';

/** The query of the upgrade. Nothing secret stands in it: addresses are logged. */
export const liveQuerySchema = z
  .strictObject({
    project_id: foreignIdSchema.optional(),
    /** The sequence that the reader knows; without it, the feed begins where the ledger ends. */
    after: z.coerce.number().pipe(z.int().min(0)).optional(),
    /** The hash of that entry: another ledger, such as one that was set back, is then known as such. */
    hash: digestSchema.optional(),
  })
  .refine(({ after, hash }) => hash === undefined || after !== undefined, {
    path: ['hash'],
    message: 'says nothing without after',
  });
export type LiveQuery = z.infer<typeof liveQuerySchema>;

/** The answer that shows a ticket. */
export const liveTicketSchema = z.object({ ticket: z.string(), expires_at: z.iso.datetime() });
