import type { SignInIssuer } from '@countersign/protocol/sign-in-settings';
import * as oauth from 'oauth4webapi';

/** Where issuers send people back to. It must be told to them beforehand. */
export const CALLBACK_PATH = '/signed-in';

/** What an issuer gave, in memory and nowhere else. */
export interface IssuedTokens {
  readonly accessToken: string;
  /** Absent where the issuer gives none: then people sign in again when the access token ends. */
  readonly refreshToken: string | undefined;
  /** Milliseconds since 1970. */
  readonly expiresAt: number;
}

/** What must outlive the way to the issuer and back; it holds no token. */
export interface Begun {
  readonly issuer: SignInIssuer;
  readonly verifier: string;
  readonly state: string;
  readonly nonce: string;
}

const USUAL_SECONDS = 300;

/** Where to send the browser, by authorization code with PKCE (RFC 7636). Throws where the issuer does not answer. */
export async function beginSignIn(
  issuer: SignInIssuer,
): Promise<{ readonly begun: Begun; readonly url: URL }> {
  const server = await discover(issuer);
  if (server.authorization_endpoint === undefined)
    throw new TypeError(`${issuer.issuer} has no sign-in page`);
  const begun = {
    issuer,
    verifier: oauth.generateRandomCodeVerifier(),
    state: oauth.generateRandomState(),
    nonce: oauth.generateRandomNonce(),
  };
  const url = new URL(server.authorization_endpoint);
  const parameters = {
    ...issuer.parameters,
    client_id: issuer.client_id,
    redirect_uri: redirectUri(),
    response_type: 'code',
    scope: issuer.scope,
    state: begun.state,
    nonce: begun.nonce,
    code_challenge: await oauth.calculatePKCECodeChallenge(begun.verifier),
    code_challenge_method: 'S256',
  };
  for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value);
  return { begun, url };
}

/** Takes the code that came back for tokens. Throws where it was not for this sign-in, or the issuer refuses. */
export async function finishSignIn(begun: Begun, address: URL): Promise<IssuedTokens> {
  const server = await discover(begun.issuer);
  const client = { client_id: begun.issuer.client_id };
  const parameters = oauth.validateAuthResponse(server, client, address, begun.state);
  const answer = await oauth.authorizationCodeGrantRequest(
    server,
    client,
    oauth.None(),
    parameters,
    redirectUri(),
    begun.verifier,
    insecureWhere(begun.issuer),
  );
  const tokens = await oauth.processAuthorizationCodeResponse(server, client, answer, {
    expectedNonce: begun.nonce,
    requireIdToken: true,
  });
  return issued(tokens);
}

/** New tokens without anybody being asked. Throws where the issuer gives none any more. */
export async function renewTokens(issuer: SignInIssuer, refreshToken: string): Promise<IssuedTokens> {
  const server = await discover(issuer);
  const client = { client_id: issuer.client_id };
  const answer = await oauth.refreshTokenGrantRequest(
    server,
    client,
    oauth.None(),
    refreshToken,
    insecureWhere(issuer),
  );
  const tokens = await oauth.processRefreshTokenResponse(server, client, answer);
  return issued({ refresh_token: refreshToken, ...tokens });
}

/** Tells the issuer that the refresh token is of no use any more; whether it listens changes nothing here. */
export async function giveBack(issuer: SignInIssuer, refreshToken: string): Promise<void> {
  const server = await discover(issuer);
  if (server.revocation_endpoint === undefined) return;
  const client = { client_id: issuer.client_id };
  await oauth.revocationRequest(server, client, oauth.None(), refreshToken, insecureWhere(issuer));
}

/** Whether the issuer itself said no, which asking again does not change. */
export function isIssuersRefusal(error: unknown): boolean {
  return error instanceof oauth.ResponseBodyError || error instanceof oauth.AuthorizationResponseError;
}

function issued(tokens: Pick<oauth.TokenEndpointResponse, 'access_token' | 'expires_in' | 'refresh_token'>) {
  const { access_token: accessToken, expires_in = USUAL_SECONDS, refresh_token: refreshToken } = tokens;
  return { accessToken, refreshToken, expiresAt: Date.now() + expires_in * 1_000 };
}

const known = new Map<string, Promise<oauth.AuthorizationServer>>();

/** What the issuer says of itself; asked once while the page is open. */
function discover(issuer: SignInIssuer): Promise<oauth.AuthorizationServer> {
  const asked = known.get(issuer.issuer);
  if (asked !== undefined) return asked;
  const asking = askForMetadata(issuer);
  known.set(issuer.issuer, asking);
  asking.catch(() => known.delete(issuer.issuer));
  return asking;
}

async function askForMetadata(issuer: SignInIssuer): Promise<oauth.AuthorizationServer> {
  const url = new URL(issuer.issuer);
  return oauth.processDiscoveryResponse(url, await oauth.discoveryRequest(url, insecureWhere(issuer)));
}

const LOOPBACK = new Set(['127.0.0.1', 'localhost', '[::1]']);

/** Plain HTTP to this machine itself, and nowhere else. */
function insecureWhere({ issuer }: SignInIssuer): { readonly [oauth.allowInsecureRequests]: boolean } {
  return { [oauth.allowInsecureRequests]: LOOPBACK.has(new URL(issuer).hostname) };
}

function redirectUri(): string {
  return new URL(CALLBACK_PATH, location.origin).href;
}
