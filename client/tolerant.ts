import * as z from 'zod';

/*
 * Members of a view that are read where they are there. A newer control plane says more, and an older one less; what cannot
 * be read is not shown, and never guessed.
 */

export function some<Schema extends z.ZodType>(schema: Schema) {
  return schema.nullish().catch(undefined);
}
export const text = some(z.string());
export const texts = some(z.array(z.string()));
