import { createHash, randomBytes } from 'node:crypto';
import { openText, sealText } from './sealed-text.ts';

/** The kinds of our own tokens; the kind stands in clear so that secret scanners and people can tell. */
export const tokenKinds = { run: 'runner', agt: 'agent', svc: 'service' } as const;
export type TokenMark = keyof typeof tokenKinds;
export type CredentialKind = (typeof tokenKinds)[TokenMark];

export interface TokenClaims {
  readonly kind: CredentialKind;
  readonly tenant: string;
  readonly credentialId: string;
  /** Of the whole token: what the tenant compares with the digest that it keeps. */
  readonly digest: string;
}

const SECRET_BYTES = 32;
const FORM = /^syn_(run|agt|svc)_([A-Za-z0-9_-]{60,400})$/;

/**
 * A new token: `syn_<kind>_` and base64url of version, tenant, credential id, 32 random bytes, and a MAC
 * (HMAC-SHA256, 128 bits) over all before it. The MAC lets the gateway refuse a forged token, or one for a
 * tenant that does not exist, before it touches any tenant; only the tenant knows whether it still counts.
 */
export function mintToken(mark: TokenMark, tenant: string, credentialId: string, macKey: string): string {
  return mintTokenWith(randomBytes(SECRET_BYTES), mark, tenant, credentialId, macKey);
}

/** The same with these 32 secret bytes, which nobody else may know or be able to guess. Throws `RangeError`. */
export function mintTokenWith(
  secret: Uint8Array,
  mark: TokenMark,
  tenant: string,
  credentialId: string,
  macKey: string,
): string {
  if (secret.length !== SECRET_BYTES) throw new RangeError(`a token has ${SECRET_BYTES} secret bytes`);
  return sealText(mark, [tenant, credentialId], secret, macKey);
}

/** What a token claims, when its MAC is right under one of the keys (several while one is being rotated). */
export function readToken(token: string, macKeys: readonly string[]): TokenClaims | undefined {
  const match = FORM.exec(token);
  if (match === null) return undefined;
  const mark = match[1] as TokenMark;
  const parts = openText(mark, match[2] ?? '', 2, macKeys);
  if (parts === undefined) return undefined;
  const [tenant = '', credentialId = ''] = parts;
  return { kind: tokenKinds[mark], tenant, credentialId, digest: tokenDigest(token) };
}

/** How a token is kept: never itself. It is random, so a fast hash does. */
export function tokenDigest(token: string): string {
  return `sha256:${createHash('sha256').update(token, 'utf8').digest('hex')}`;
}

/** Whether a text has the form of a token, whoever made it. */
export function hasTokenForm(text: string): boolean {
  return FORM.test(text);
}

export function looksLikeToken(text: string): boolean {
  return text.startsWith('syn_');
}
