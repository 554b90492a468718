import type { Caller } from '@countersign/durable-objects/tenant/turn/command';
import { type Refusal, Refused } from '@countersign/protocol/problem';
import { hasTokenForm, looksLikeToken, readToken } from '@countersign/protocol/token';
import { insecureLocalhost } from '../insecure-localhost.ts';
import type { Settings } from '../settings.ts';
import { verifyPerson } from './verify-person.ts';

/** Who asks, and of which tenant: our own tokens name theirs, a person's request must. */
export interface Authenticated {
  readonly caller: Caller;
  readonly tenant: string | undefined;
}

const notValid: Refusal = { code: 'token_invalid', message: 'the bearer token is not valid' };
/** Who made it cannot be told without its key, so a forged one and one of a retired key get the same answer. */
const ofNoKey: Refusal = {
  code: 'token_key_unknown',
  message: 'no key of this installation made this token: its key was retired, or it is not from here',
  next: 'have the credential rotated, or another token issued',
};

const BEARER = /^Bearer +([^\s]+)$/i;
const LONGEST_TOKEN = 8_192;

/** What a request brings as its credential. Throws `Refused`. */
export function bearerOf(request: Request): string {
  const header = request.headers.get('authorization');
  if (header === null) {
    throw new Refused({ code: 'token_missing', message: 'send a bearer token in the authorization header' });
  }
  const token = BEARER.exec(header)?.[1];
  if (token === undefined || token.length > LONGEST_TOKEN) {
    throw new Refused({
      code: 'token_invalid',
      message: 'the authorization header must be Bearer and a token',
    });
  }
  return token;
}

/** Who sent this request. What they may do is the tenant's to say. Throws `Refused`. */
export async function authenticate(request: Request, settings: Settings): Promise<Authenticated> {
  const local = insecureLocalhost();
  if (local !== undefined && !request.headers.has('authorization')) {
    return { caller: { kind: 'person', person: local.person }, tenant: undefined };
  }
  const token = bearerOf(request);
  if (!looksLikeToken(token)) {
    return {
      caller: { kind: 'person', ...(await verifyPerson(token, settings.issuers)) },
      tenant: undefined,
    };
  }
  const claims = readToken(token, settings.macKeys);
  if (claims === undefined) throw new Refused(hasTokenForm(token) ? ofNoKey : notValid);
  const { kind, credentialId, digest, tenant } = claims;
  return { caller: { kind, credentialId, digest }, tenant };
}
