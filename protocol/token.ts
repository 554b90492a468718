import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto';

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

const VERSION = 1;
const SECRET_BYTES = 32;
const MAC_BYTES = 16;
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
  const payload = Buffer.concat([
    Buffer.from([VERSION]),
    lengthPrefixed(tenant),
    lengthPrefixed(credentialId),
    secret,
  ]);
  return `syn_${mark}_${Buffer.concat([payload, mac(mark, payload, macKey)]).toString('base64url')}`;
}

/** What a token claims, when its MAC is right under one of the keys (several while one is being rotated). */
export function readToken(token: string, macKeys: readonly string[]): TokenClaims | undefined {
  const match = FORM.exec(token);
  if (match === null) return undefined;
  const mark = match[1] as TokenMark;
  const bytes = Buffer.from(match[2] ?? '', 'base64url');
  if (bytes.toString('base64url') !== match[2]) return undefined;
  const payload = bytes.subarray(0, -MAC_BYTES);
  const given = bytes.subarray(-MAC_BYTES);
  if (!macKeys.some((key) => timingSafeEqual(mac(mark, payload, key), given))) return undefined;
  if (payload[0] !== VERSION) return undefined;
  const tenant = readLengthPrefixed(payload, 1);
  const credential = readLengthPrefixed(payload, 2 + tenant.length);
  return { kind: tokenKinds[mark], tenant, credentialId: credential, digest: tokenDigest(token) };
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

function mac(mark: TokenMark, payload: Uint8Array, key: string): Buffer {
  return createHmac('sha256', key).update(`syn_${mark}_`).update(payload).digest().subarray(0, MAC_BYTES);
}

/** One length byte and ASCII text; ids are short by construction. */
function lengthPrefixed(text: string): Buffer {
  const bytes = Buffer.from(text, 'latin1');
  if (bytes.length > 100 || bytes.toString('latin1') !== text)
    throw new RangeError('an id in a token must be short ASCII');
  return Buffer.concat([Buffer.from([bytes.length]), bytes]);
}

function readLengthPrefixed(bytes: Buffer, offset: number): string {
  return bytes.subarray(offset + 1, offset + 1 + (bytes[offset] ?? 0)).toString('latin1');
}
