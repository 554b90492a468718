import * as z from 'zod';
import { timestampSchema } from './values.ts';

/** What a freeze says to a worker that asks for work, which need not know why, and by whom. */
export const freezeMarkSchema = z.object({
  freeze_id: z.string(),
  /** What it is of: the project, a source, a runner. */
  kind: z.string(),
  is_stop: z.boolean(),
  since: timestampSchema,
  /** Null where it ends only when somebody lifts it. */
  until: timestampSchema.nullable(),
});
export type FreezeMark = z.infer<typeof freezeMarkSchema>;

/** What else the answer to a claim may say. One of these that is not understood must not lose the work beside it. */
export const claimNotes = {
  /** A freeze holds back what was asked for. */
  frozen: freezeMarkSchema.optional().catch(undefined),
  /** Somebody measures the way to the worker and back: the next claim follows at once. */
  ping: z.boolean().optional().catch(undefined),
};
