import * as z from 'zod';

/** Version 00 alone, in lower case; an id of zeros is none. */
const TRACEPARENT = /^00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}$/;

/** The header of W3C Trace Context: which trace a request is a part of, and which span of it asks. */
export const traceparentSchema = z.string().regex(TRACEPARENT, 'must be a W3C traceparent of version 00');

/** Undefined for what is none: whoever gets a traceparent that is not valid goes on as if there were none. */
export function validTraceparent(sent: unknown): string | undefined {
  return typeof sent === 'string' && TRACEPARENT.test(sent) ? sent : undefined;
}
