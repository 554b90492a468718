import * as z from 'zod';
import { foreignIdSchema } from './values.ts';

const LONGEST_ORIGIN = 255;
/** No `*`, no user, no path: a name or an address as a browser writes it, in small ASCII letters. */
const EXACT =
  /^(?:https:\/\/(?:[a-z0-9.-]+|\[[0-9a-f:]+\])|http:\/\/(?:localhost|127\.0\.0\.1|\[::1\]))(?::\d{1,5})?$/;

/** An origin whose pages may read answers, exactly as a browser sends it. */
export const originSchema = z
  .string()
  .max(LONGEST_ORIGIN)
  .refine(isExactOrigin, 'must be an exact origin: https://app.example.com, or http://localhost:3000');

export const changeOriginSchema = z.strictObject({
  project_id: foreignIdSchema.optional(),
  origin: originSchema,
});

function isExactOrigin(text: string): boolean {
  return EXACT.test(text) && URL.canParse(text) && new URL(text).origin === text;
}
