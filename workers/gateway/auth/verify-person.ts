import { type Refusal, Refused } from '@countersign/protocol/problem';
import { createRemoteJWKSet, decodeJwt, errors, type JWTPayload, jwtVerify } from 'jose';
import type { Issuer } from '../settings.ts';

/** After this many milliseconds an issuer's keys are fetched anew; when that fails, its tokens are refused. */
const KEYS_OLD_AFTER_MS = 10 * 60_000;
/** A token with an unknown key makes us look for new keys, but not more often than this. */
const KEYS_AT_MOST_EVERY_MS = 5_000;
const KEYS_TIMEOUT_MS = 4_000;
const CLOCKS_MAY_DIFFER_S = 5;
const LONGEST_SUBJECT = 255;

const keySets = new Map<string, ReturnType<typeof createRemoteJWKSet>>();

/**
 * Who a JWT says its bearer is, as `<issuer> <subject>`. Throws `Refused`: `token_invalid`, `token_expired`, or
 * `issuer_unavailable` when the keys cannot be had, since a token that cannot be checked is not believed.
 */
export async function verifyPerson(token: string, issuers: readonly Issuer[]): Promise<string> {
  const issuer = issuers.find((one) => one.issuer === claimedIssuer(token));
  if (issuer === undefined) throw refused('token_invalid', 'the token is of no issuer that is trusted here');
  const payload = await verify(token, issuer);
  const subject = payload.sub;
  if (subject === undefined || subject === '' || subject.length > LONGEST_SUBJECT || subject.includes(' ')) {
    throw refused('token_invalid', 'the token names no usable subject');
  }
  return `${issuer.issuer} ${subject}`;
}

function claimedIssuer(token: string): string | undefined {
  try {
    return decodeJwt(token).iss;
  } catch {
    throw refused('token_invalid', 'the bearer token is neither a JWT nor one of ours');
  }
}

async function verify(token: string, issuer: Issuer): Promise<JWTPayload> {
  try {
    const { payload } = await jwtVerify(token, keysOf(issuer), {
      issuer: issuer.issuer,
      audience: issuer.audience,
      algorithms: [...issuer.algorithms],
      clockTolerance: CLOCKS_MAY_DIFFER_S,
      requiredClaims: ['exp', 'sub'],
    });
    return payload;
  } catch (cause) {
    throw new Refused(refusalOf(cause), { cause });
  }
}

function keysOf({ jwks_uri }: Issuer) {
  let keys = keySets.get(jwks_uri);
  if (keys === undefined) {
    keys = createRemoteJWKSet(new URL(jwks_uri), {
      cacheMaxAge: KEYS_OLD_AFTER_MS,
      cooldownDuration: KEYS_AT_MOST_EVERY_MS,
      timeoutDuration: KEYS_TIMEOUT_MS,
    });
    keySets.set(jwks_uri, keys);
  }
  return keys;
}

const badToken = [
  errors.JWSInvalid,
  errors.JWTInvalid,
  errors.JWSSignatureVerificationFailed,
  errors.JWTClaimValidationFailed,
  errors.JOSEAlgNotAllowed,
  errors.JOSENotSupported,
  errors.JWKSNoMatchingKey,
  errors.JWKSMultipleMatchingKeys,
] as const;

/** The caller learns which of the three it is and no more; whatever is not the token's fault is the keys'. */
function refusalOf(cause: unknown): Refusal {
  if (cause instanceof errors.JWTExpired)
    return { code: 'token_expired', message: 'the token has expired', next: 'sign in again' };
  if (badToken.some((kind) => cause instanceof kind))
    return { code: 'token_invalid', message: 'the token is not valid here' };
  return {
    code: 'issuer_unavailable',
    message: "the issuer's keys cannot be fetched, so its tokens cannot be checked",
  };
}

function refused(code: Refusal['code'], message: string): Refused {
  return new Refused({ code, message });
}
