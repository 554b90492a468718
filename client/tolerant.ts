import * as z from 'zod';

/*
 * Members of what is read of an answer. Tolerant member by member: a newer control plane says more, and an older one
 * less; what cannot be read is not shown, and never guessed.
 */

/** What may be there; undefined where it is not, or cannot be read. */
export function some<Schema extends z.ZodType>(schema: Schema) {
  return schema.nullish().catch(undefined);
}
export const text = some(z.string());
export const number = some(z.number());
export const row = some(z.record(z.string(), z.unknown()));
export const texts = some(z.array(z.string()));
