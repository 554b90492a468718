import { signInIssuerSchema } from '@countersign/protocol/sign-in-settings';
import * as z from 'zod';
import type { Begun } from './issuer-client.ts';

/*
 * What this tab keeps while the browser is at the issuer, and that somebody was signed in here. No token is ever among it:
 * whatever reads this storage learns nothing that opens anything.
 */

const BEGUN = 'countersign.sign-in';
const WAS_SIGNED_IN = 'countersign.was-signed-in';

const begunSchema = z.strictObject({
  issuer: signInIssuerSchema,
  verifier: z.string(),
  state: z.string(),
  nonce: z.string(),
  returnTo: z.string(),
});
type Kept = Begun & { readonly returnTo: string };

export function keepBegun(kept: Kept): void {
  sessionStorage.setItem(BEGUN, JSON.stringify(kept));
}

/** What was begun, once; null where nothing was. */
export function takeBegun(): Kept | null {
  const text = sessionStorage.getItem(BEGUN);
  sessionStorage.removeItem(BEGUN);
  if (text === null) return null;
  const parsed = begunSchema.safeParse(JSON.parse(text));
  return parsed.success ? parsed.data : null;
}

/** The issuer at which somebody of this tab had signed in before the page was loaded anew. */
export function wasSignedInAt(): string | null {
  return sessionStorage.getItem(WAS_SIGNED_IN);
}

export function rememberSignedIn(issuer: string | null): void {
  if (issuer === null) sessionStorage.removeItem(WAS_SIGNED_IN);
  else sessionStorage.setItem(WAS_SIGNED_IN, issuer);
}
