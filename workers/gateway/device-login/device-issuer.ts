import { textDigest } from '@countersign/protocol/canonical-json';
import type { Issuer } from '@countersign/protocol/gateway-settings';
import { Refused } from '@countersign/protocol/problem';
import * as z from 'zod';
import { askIssuer, unavailable } from './ask-issuer.ts';

/** An issuer at which somebody signs in on another device. */
export interface DeviceIssuer {
  /** Short, and the same for the same issuer: it goes before the codes that it gives. */
  readonly mark: string;
  readonly clientId: string;
  readonly scope: string;
  readonly parameters: Readonly<Record<string, string>>;
  readonly deviceEndpoint: string;
  readonly tokenEndpoint: string;
}

const discoverySchema = z.looseObject({
  issuer: z.string(),
  token_endpoint: z.url(),
  device_authorization_endpoint: z.url().optional(),
});

/** How long is believed what an issuer said of itself. */
const BELIEVED_MS = 10 * 60_000;
const MARK_LENGTH = 8;
const known = new Map<string, { readonly found: DeviceIssuer | undefined; readonly until: number }>();

/**
 * The first issuer, in the order of the settings, that offers device login. Throws `Refused`: where none does, and where
 * it cannot be told.
 */
export async function deviceIssuer(issuers: readonly Issuer[]): Promise<DeviceIssuer> {
  for (const issuer of issuers) {
    const found = await look(issuer);
    if (found !== undefined) return found;
  }
  throw notOffered();
}

/** The issuer that gave a code. Throws `Refused`. */
export async function issuerOfMark(issuers: readonly Issuer[], mark: string): Promise<DeviceIssuer> {
  const issuer = issuers.find((one) => markOf(one) === mark);
  const found = issuer === undefined ? undefined : await look(issuer);
  if (found !== undefined) return found;
  throw new Refused({
    code: 'expired_token',
    message: 'the code is not one that counts here',
    next: 'begin anew',
  });
}

function notOffered(): Refused {
  return new Refused({
    code: 'device_login_not_offered',
    message: 'no identity provider of this installation offers device login',
    next: 'sign in at the dashboard, or use a service account',
  });
}

function markOf({ issuer }: Issuer): string {
  return textDigest(issuer).slice('sha256:'.length, 'sha256:'.length + MARK_LENGTH);
}

async function look(issuer: Issuer): Promise<DeviceIssuer | undefined> {
  const remembered = known.get(issuer.issuer);
  if (remembered !== undefined && remembered.until > Date.now()) return remembered.found;
  const found = await discover(issuer);
  known.set(issuer.issuer, { found, until: Date.now() + BELIEVED_MS });
  return found;
}

/** What it says of itself (OpenID Connect Discovery); nothing where people of this issuer do not sign in by a browser. */
async function discover(issuer: Issuer): Promise<DeviceIssuer | undefined> {
  const { dashboard } = issuer;
  if (dashboard === undefined) return undefined;
  const base = issuer.issuer.replace(/\/$/, '');
  const { body, isOk } = await askIssuer(`${base}/.well-known/openid-configuration`);
  const parsed = discoverySchema.safeParse(body);
  // Another name than the one that was asked would let one issuer's tokens pass for another's.
  if (!isOk || !parsed.success || parsed.data.issuer.replace(/\/$/, '') !== base) throw unavailable();
  const { device_authorization_endpoint: deviceEndpoint, token_endpoint: tokenEndpoint } = parsed.data;
  if (deviceEndpoint === undefined) return undefined;
  const isOurs = [deviceEndpoint, tokenEndpoint].every((endpoint) =>
    originsOf(issuer).has(new URL(endpoint).origin),
  );
  if (!isOurs) throw unavailable();
  return {
    mark: markOf(issuer),
    clientId: dashboard.device_client_id ?? dashboard.client_id,
    scope: dashboard.scope,
    parameters: dashboard.parameters,
    deviceEndpoint,
    tokenEndpoint,
  };
}

/** Nothing else is asked, whatever an issuer says of itself. */
function originsOf({ dashboard, issuer, jwks_uri }: Issuer): ReadonlySet<string> {
  return new Set([new URL(issuer).origin, new URL(jwks_uri).origin, ...(dashboard?.origins ?? [])]);
}
