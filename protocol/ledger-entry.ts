import * as z from 'zod';
import { actorKinds, entryTypes } from './entry-types.ts';
import type { LedgerEntry } from './ledger.ts';
import { timestampSchema } from './values.ts';

/** A ledger entry as it comes over the wire or out of a file; whether its hashes hold is another question. */
export const ledgerEntrySchema: z.ZodType<LedgerEntry> = z.strictObject({
  tenant: z.string(),
  seq: z.int().min(1),
  at: timestampSchema,
  actor: z.strictObject({
    kind: z.enum(actorKinds),
    id: z.string(),
  }),
  type: z.enum(entryTypes),
  subject: z.string(),
  body: z.record(z.string(), z.unknown()),
  prev_hash: z.string(),
  prev_subject_seq: z.int().nullable(),
  prev_subject_hash: z.string().nullable(),
  hash: z.string(),
});
