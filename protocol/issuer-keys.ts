import * as z from 'zod';
import { type DoctorFinding, finding } from './doctor-report.ts';
import type { Issuer } from './gateway-settings.ts';

const WITHIN_MS = 4_000;
/** Characters. A set of keys is some kilobytes. */
const LONGEST_KEYS = 256 * 1024;

const keysSchema = z.looseObject({
  keys: z.array(
    z.looseObject({
      kty: z.string(),
      alg: z.string().optional(),
      crv: z.string().optional(),
      use: z.string().optional(),
    }),
  ),
});
type Key = z.infer<typeof keysSchema>['keys'][number];

/** Whether the keys of all issuers can be had from here, and are of a kind that is allowed. */
export async function examineIssuers(issuers: readonly Issuer[]): Promise<readonly DoctorFinding[]> {
  if (issuers.length === 0) {
    const fix = 'name the identity provider among the issuers';
    return [finding('no_issuers', 'issuers', 'none is trusted, so no person can sign in', fix)];
  }
  return Promise.all(issuers.map(async (issuer) => issuerFinding(issuer, await readKeys(issuer.jwks_uri))));
}

/** What the text at an issuer's `jwks_uri` says of it; undefined where there was none to be had. */
export function issuerFinding(
  { algorithms, issuer, jwks_uri }: Issuer,
  text: string | undefined,
): DoctorFinding {
  const where = `issuer ${issuer}`;
  const keys = text === undefined ? undefined : keysIn(text);
  if (keys === undefined) {
    const fix = `let ${new URL(jwks_uri).host} answer at the jwks_uri of this issuer, with JSON, within ${WITHIN_MS / 1_000} s`;
    return finding('issuer_unreachable', where, 'its keys cannot be had, so its tokens are refused', fix);
  }
  const usable = keys.filter((key) => algorithms.some((algorithm) => fits(key, algorithm)));
  if (usable.length > 0)
    return finding(
      'issuer_reachable',
      where,
      `it has ${usable.length} usable key${usable.length === 1 ? '' : 's'}`,
    );
  return finding(
    'issuer_keys_unusable',
    where,
    `none of its ${keys.length} keys is of ${algorithms.join(', ')}`,
    'let it sign with one of these, or allow its own among the algorithms of this issuer',
  );
}

/** The text at an address; undefined for any trouble with it. Redirects are not followed: nobody configured where to. */
async function readKeys(address: string): Promise<string | undefined> {
  try {
    const signal = AbortSignal.timeout(WITHIN_MS);
    const headers = { accept: 'application/json' };
    const response = await fetch(address, { signal, redirect: 'manual', headers });
    if (response.ok && response.body !== null) return await textOf(response.body);
    await response.body?.cancel();
    return undefined;
  } catch {
    return undefined;
  }
}

/** Throws for what is longer than any set of keys. */
async function textOf(body: ReadableStream<Uint8Array>): Promise<string> {
  const decoder = new TextDecoder();
  let text = '';
  for await (const piece of body) {
    text += decoder.decode(piece, { stream: true });
    if (text.length > LONGEST_KEYS) throw new RangeError('a set of keys is not that long');
  }
  return text + decoder.decode();
}

function keysIn(text: string): readonly Key[] | undefined {
  try {
    return keysSchema.parse(JSON.parse(text)).keys;
  } catch {
    return undefined;
  }
}

type Algorithm = Issuer['algorithms'][number];
const curves: Readonly<Partial<Record<Algorithm, string>>> = {
  ES256: 'P-256',
  ES384: 'P-384',
  EdDSA: 'Ed25519',
  Ed25519: 'Ed25519',
};

/** Whether a key can have signed with this algorithm. */
function fits({ alg, crv, kty, use }: Key, algorithm: Algorithm): boolean {
  if (use !== undefined && use !== 'sig') return false;
  if (alg !== undefined) return alg === algorithm;
  const curve = curves[algorithm];
  return curve === undefined ? kty === 'RSA' : crv === curve;
}
