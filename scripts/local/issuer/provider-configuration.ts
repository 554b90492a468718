import { randomBytes } from 'node:crypto';
import { type Configuration, type Context, errors, type Grant, type ResourceServerInfo } from 'oidc-provider';
import { clientsFor } from './clients.ts';
import { messagePage } from './interaction-pages.ts';
import type { MemoryStore } from './memory-store.ts';
import { PAGE_HEADERS } from './page.ts';
import { findPerson, type Person } from './people.ts';
import { deviceCodePage, deviceConfirmPage, signOutPage } from './provider-pages.ts';
import { SIGNING_ALGORITHM, type SigningKey } from './signing-keys.ts';

/** What the gateway expects as the tokens' `aud`. */
export const AUDIENCE = 'countersign';
export const ACCESS_TOKEN_SECONDS = 60 * 60;
/** Sessions, their grants and refresh tokens end together: none is of use without the others. */
const SESSION_SECONDS = 14 * 24 * 60 * 60;

/** The gateway's API as the `resource` of RFC 8707, which must be a URI, unlike the audience. */
export const API_RESOURCE = 'urn:countersign:api';

/** The API's tokens say who somebody is and nothing of what they may do: that is the tenant object's to say. */
export const API_RESOURCE_SERVER: ResourceServerInfo = {
  audience: AUDIENCE,
  scope: '',
  accessTokenFormat: 'jwt',
  accessTokenTTL: ACCESS_TOKEN_SECONDS,
  jwt: { sign: { alg: SIGNING_ALGORITHM } },
};

/** Keys for the cookies' signatures: made anew at each start, as the sessions do not outlive a restart either. */
export function newCookieKeys(): string[] {
  return [randomBytes(32).toString('base64url')];
}

/**
 * Everything the provider is told. Each default that would print a notice is replaced, and what nobody
 * uses is off.
 */
export function providerConfiguration(options: {
  dashboardUrl: string;
  keys: readonly SigningKey[];
  store: MemoryStore;
  cookieKeys: string[];
}): Configuration {
  return {
    adapter: (model) => options.store.adapter(model),
    claims: { openid: ['sub'], email: ['email'], profile: ['name'] },
    clientAuthMethods: ['none'],
    clientBasedCORS: (_ctx, origin, client) =>
      client.redirectUris.some((redirectUri) => new URL(redirectUri).origin === origin),
    clients: clientsFor(options.dashboardUrl),
    cookies: {
      keys: options.cookieKeys,
      // Cookies know no ports: plain names would mix with those of other services on 127.0.0.1.
      names: {
        session: 'countersign_issuer_session',
        interaction: 'countersign_issuer_interaction',
        resume: 'countersign_issuer_resume',
      },
    },
    extraTokenClaims: async (_ctx, token) => {
      const person = findPerson(token.accountId ?? '');
      return person === null ? {} : { email: person.email, name: person.name };
    },
    features: {
      devInteractions: { enabled: false },
      dPoP: { enabled: false },
      pushedAuthorizationRequests: { enabled: false },
      // Every access token is for the API; what userinfo would say stands in the ID token.
      userinfo: { enabled: false },
      deviceFlow: { enabled: true, ...devicePages },
      // `countersign logout` ends its refresh token here.
      revocation: { enabled: true },
      rpInitiatedLogout: { enabled: true, ...signOutPages },
      resourceIndicators: {
        enabled: true,
        defaultResource: async () => API_RESOURCE,
        getResourceServerInfo: async (_ctx, resource) => {
          if (resource !== API_RESOURCE) throw new errors.InvalidTarget();
          return API_RESOURCE_SERVER;
        },
      },
    },
    findAccount: async (_ctx, sub) => {
      const person = findPerson(sub);
      return person === null ? undefined : { accountId: sub, claims: async () => idTokenClaims(person) };
    },
    interactions: { url: async (_ctx, interaction) => `/interaction/${interaction.uid}` },
    issueRefreshToken: async (_ctx, client) => client.grantTypeAllowed('refresh_token'),
    jwks: { keys: options.keys.map((key) => key.jwk) },
    loadExistingGrant: grantFor,
    renderError: async (ctx, out) => {
      showPage(ctx, messagePage('This did not work', out.error_description ?? out.error));
    },
    responseTypes: ['code'],
    ttl: {
      AccessToken: ACCESS_TOKEN_SECONDS,
      AuthorizationCode: 60,
      DeviceCode: 10 * 60,
      Grant: SESSION_SECONDS,
      IdToken: ACCESS_TOKEN_SECONDS,
      Interaction: 60 * 60,
      RefreshToken: SESSION_SECONDS,
      Session: SESSION_SECONDS,
    },
  };
}

function idTokenClaims(person: Person): { sub: string; email: string; name: string } {
  return { sub: person.sub, email: person.email, name: person.name };
}

/**
 * The dashboard is ours and its redirect goes to an origin that is ours, so that nobody needs to be asked.
 * Any program on this machine can listen on a loopback port and call itself the command line, so for that
 * the person is asked, every time (RFC 8252, 8.6).
 */
async function grantFor(ctx: Context): Promise<Grant | undefined> {
  const { client, params, provider, result, session } = ctx.oidc;
  const consented = result?.consent?.grantId;
  if (consented !== undefined) return provider.Grant.find(consented);
  if (client?.applicationType !== 'web' || session.accountId === undefined) return undefined;
  const grant = new provider.Grant({ clientId: client.clientId, accountId: session.accountId });
  grant.addOIDCScope(params.scope ?? '');
  await grant.save();
  return grant;
}

function showPage(ctx: Context, text: string): void {
  for (const [header, value] of Object.entries(PAGE_HEADERS)) ctx.set(header, value);
  ctx.body = text;
}

const devicePages: Omit<Configuration['features']['deviceFlow'], 'enabled'> = {
  userCodeInputSource: async (ctx, form, _out, error) => {
    showPage(ctx, deviceCodePage(form, error ? 'That code is not valid, or was canceled. Try again.' : null));
  },
  userCodeConfirmSource: async (ctx, form, client, _deviceInfo, userCode) => {
    showPage(ctx, deviceConfirmPage(form, client.clientName ?? client.clientId, userCode));
  },
  successSource: async (ctx) => {
    showPage(ctx, messagePage('Signed in', 'The device is connected. You can close this page.'));
  },
};

const signOutPages: Omit<Configuration['features']['rpInitiatedLogout'], 'enabled'> = {
  logoutSource: async (ctx, form) => showPage(ctx, signOutPage(form)),
  postLogoutSuccessSource: async (ctx) => {
    showPage(ctx, messagePage('Signed out', 'You can close this page.'));
  },
};
