import * as z from 'zod';
import type { View } from './call-api.ts';

/*
 * What is read of a policy. Tolerant member by member, but for what an activation names: without a digest there is
 * nothing that could be meant.
 */

function some<Schema extends z.ZodType>(schema: Schema) {
  return schema.nullish().catch(undefined);
}
const text = some(z.string());

const detailSchema = z.looseObject({
  name: z.string(),
  /** `draft`, `active` or `retired`. */
  status: text,
  version: some(z.number()),
  /** Of the newest document; null where an answer does not tell it. */
  digest: text,
  /** Of the one in force. */
  active_digest: text,
  /** The newest document, as it was saved. */
  policy: some(z.record(z.string(), z.unknown())),
  /** The document in force, where one policy was asked for; null where none is. */
  in_force: some(z.record(z.string(), z.unknown())),
  created_at: text,
  updated_at: text,
});
export type PolicyDetail = z.infer<typeof detailSchema>;

/** One of a list. */
export function policyDetailOf(view: View): PolicyDetail {
  return detailSchema.parse(view);
}

/** Of an answer that holds one. */
export function policyIn(answer: View): PolicyDetail {
  return z.looseObject({ policy: detailSchema }).parse(answer).policy;
}

/** Whether the newest document is the one in force. */
export function isNewestInForce({ active_digest, digest }: PolicyDetail): boolean {
  return active_digest != null && active_digest === digest;
}
