import type { Session } from '@countersign/durable-objects/tenant/turn/command';
import { textDigest } from '@countersign/protocol/canonical-json';
import type { Issuer } from '@countersign/protocol/gateway-settings';
import { type Refusal, Refused } from '@countersign/protocol/problem';
import { createRemoteJWKSet, decodeJwt, errors, type JWTPayload, jwtVerify } from 'jose';

/** After this many milliseconds an issuer's keys are fetched anew; when that fails, its tokens are refused. */
const KEYS_OLD_AFTER_MS = 10 * 60_000;
/** A token with an unknown key makes us look for new keys, but not more often than this. */
const KEYS_AT_MOST_EVERY_MS = 5_000;
const KEYS_TIMEOUT_MS = 4_000;
const CLOCKS_MAY_DIFFER_S = 5;
const LONGEST_SUBJECT = 255;
/** A blank parts it from its issuer; the others a database may alter, and it would be somebody else's name then. */
const SUBJECT = /^[^\s\p{Cc}\p{Cs}]+$/u;
const MOST_VALUES = 200;
const LONGEST_VALUE = 200;

const keySets = new Map<string, ReturnType<typeof createRemoteJWKSet>>();

/** Who a JWT says its bearer is. */
export interface VerifiedPerson {
  /** `<issuer> <subject>` */
  readonly person: string;
  /** Of the claim that the issuer's setting names; absent where it names none. */
  readonly values?: readonly string[];
  readonly session: Session;
}

/**
 * Who a JWT says its bearer is. Throws `Refused`: `token_invalid`, `token_expired`, or
 * `issuer_unavailable` when the keys cannot be had, since a token that cannot be checked is not believed.
 */
export async function verifyPerson(token: string, issuers: readonly Issuer[]): Promise<VerifiedPerson> {
  const issuer = issuers.find((one) => one.issuer === claimedIssuer(token));
  if (issuer === undefined) throw refused('token_invalid', 'the token is of no issuer that is trusted here');
  const payload = await verify(token, issuer);
  const subject = payload.sub;
  if (subject === undefined || subject.length > LONGEST_SUBJECT || !SUBJECT.test(subject)) {
    throw refused('token_invalid', 'the token names no usable subject');
  }
  const { roles_claim: claim } = issuer;
  return {
    person: `${issuer.issuer} ${subject}`,
    ...(claim === undefined ? {} : { values: valuesOf(payload[claim]) }),
    session: { id: sessionOf(token), expiresAt: (payload.exp ?? 0) * 1_000 },
  };
}

/** What stands in a claim, as a list; whatever has another form gives nothing. */
function valuesOf(claim: unknown): readonly string[] {
  const list: readonly unknown[] = Array.isArray(claim) ? claim : [claim];
  return list
    .filter((one) => typeof one === 'string')
    .filter((one) => one.length > 0 && one.length <= LONGEST_VALUE)
    .slice(0, MOST_VALUES);
}

/** Of what is signed alone: one signature can be written in several ways. */
function sessionOf(token: string): string {
  return textDigest(token.slice(0, token.lastIndexOf('.')));
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
