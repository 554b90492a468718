import { ApiError } from '@countersign/client/api-error';
import type { SignInIssuer } from '@countersign/protocol/sign-in-settings';
import type { IssuedTokens } from './issuer-client.ts';
import { keepBegun, rememberSignedIn, takeBegun } from './sign-in-memory.ts';

export type SessionState =
  | { readonly kind: 'signed-out' }
  | { readonly kind: 'signed-in' }
  /** The token has ended and none came in its place; what was on the screen stays there. */
  | { readonly kind: 'ended' }
  /** Nobody is asked who they are here. */
  | { readonly kind: 'open' };

/** Renewed this long before its end, so that no request is on its way with one that ends. */
const SPARE_MS = 60_000;

let state: SessionState = { kind: 'signed-out' };
let held: (IssuedTokens & { readonly issuer: SignInIssuer }) | undefined;
let renewing: Promise<string> | undefined;
const listeners = new Set<() => void>();

/** How issuers are spoken with. Whoever looks at a page needs none of it until their token is renewed. */
const issuerClient = () => import('./issuer-client.ts');

export function sessionState(): SessionState {
  return state;
}

export function onSession(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Goes to the issuer; the browser comes back to `returnTo`. */
export async function signIn(issuer: SignInIssuer, returnTo: string): Promise<void> {
  const { beginSignIn } = await issuerClient();
  const { begun, url } = await beginSignIn(issuer);
  keepBegun({ ...begun, returnTo });
  location.assign(url);
}

/** Where the browser came back from the issuer: takes the tokens, and says where to go on. */
export async function takeSignIn(address: URL): Promise<string> {
  const begun = takeBegun();
  if (begun === null) throw new TypeError('this page was not opened by a sign-in of this tab');
  const { returnTo, ...rest } = begun;
  const { finishSignIn } = await issuerClient();
  held = { ...(await finishSignIn(rest, address)), issuer: begun.issuer };
  rememberSignedIn(begun.issuer.issuer);
  become({ kind: 'signed-in' });
  return returnTo;
}

/** Nobody is asked here. */
export function openSession(): void {
  become({ kind: 'open' });
}

/** Forgets the tokens, here and at the issuer. */
export function signOut(): void {
  const last = held;
  held = undefined;
  rememberSignedIn(null);
  become({ kind: 'signed-out' });
  // The tab has forgotten it; an issuer that cannot be told ends it in its own time.
  const { issuer, refreshToken } = last ?? {};
  if (issuer === undefined || refreshToken === undefined) return;
  issuerClient()
    .then(({ giveBack }) => giveBack(issuer, refreshToken))
    .catch(() => undefined);
}

/** A token that is good for a while yet. Throws `ApiError` `token_expired` where there is none to be had. */
export async function bearerToken(): Promise<string> {
  if (held === undefined) throw ended();
  if (held.expiresAt - SPARE_MS > Date.now()) return held.accessToken;
  renewing ??= renew(held).finally(() => {
    renewing = undefined;
  });
  return renewing;
}

/** The plane does not take the token any more, or there is no new one. */
export function endSession(): void {
  if (state.kind !== 'signed-in') return;
  held = undefined;
  become({ kind: 'ended' });
}

async function renew(last: NonNullable<typeof held>): Promise<string> {
  const { accessToken, expiresAt, issuer, refreshToken } = last;
  const isGoodYet = expiresAt > Date.now();
  // It is here: the token that ends came by it.
  const { isIssuersRefusal, renewTokens } = await issuerClient();
  try {
    if (refreshToken === undefined) throw ended();
    const fresh = { ...(await renewTokens(issuer, refreshToken)), issuer };
    held = fresh;
    return fresh.accessToken;
  } catch (error) {
    // An issuer that cannot be reached for a moment is no reason to send anybody away.
    if (isGoodYet) return accessToken;
    if (refreshToken !== undefined && !isIssuersRefusal(error)) throw unreachable(error);
    endSession();
    throw ended(error);
  }
}

function ended(cause?: unknown): ApiError {
  const facts = { status: 401, code: 'token_expired', retryable: false, next: 'sign in again' };
  return new ApiError('your sign-in has ended', facts, { cause });
}

function unreachable(cause: unknown): ApiError {
  const facts = { status: undefined, code: 'network_unavailable', retryable: true };
  return new ApiError('the issuer of your sign-in cannot be reached', facts, { cause });
}

function become(next: SessionState): void {
  state = next;
  for (const listener of listeners) listener();
}
