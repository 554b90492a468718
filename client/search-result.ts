import * as z from 'zod';
import type { View } from './call-api.ts';

/* What is read of something that was found. Tolerant member by member, as of a proposal. */

const text = z.string().nullish().catch(undefined);

const searchResultSchema = z.looseObject({
  /** `proposal`, `evidence`, `receipt`. */
  kind: text,
  handle: text,
  proposal_id: text,
  ledger_seq: z.number().nullish().catch(undefined),
  type: text,
  at: text,
  /** The words around, and which of them were looked for. */
  marked: z
    .array(z.looseObject({ text: z.string(), is_match: z.boolean() }))
    .nullish()
    .catch(undefined),
});
export type SearchResult = z.infer<typeof searchResultSchema>;

export function searchResultOf(view: View): SearchResult {
  return searchResultSchema.parse(view);
}
