import * as z from 'zod';

/*
 * A secret is in the first answer to the request that made it, and nowhere else. The same request again, with the same
 * idempotency key, learns what was made and that the secret cannot be had (PROTOCOL 1.5).
 */

/** What the answer that has the secret says of it. */
export const shown = { secret_available: z.literal(true) };
/** What every later answer to the same request says. */
export const shownBefore = { secret_available: z.literal(false), idempotent: z.literal(true) };
