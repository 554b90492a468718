import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createRemoteJWKSet, decodeJwt, decodeProtectedHeader, type JWTPayload, jwtVerify } from 'jose';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import * as z from 'zod';
import { CLI_CLIENT_ID, DASHBOARD_CLIENT_ID } from './clients.ts';
import { type Issuer, startIssuer } from './issuer.ts';
import { TestBrowser } from './test-browser.ts';

const DASHBOARD_URL = 'http://127.0.0.1:8787';
const DASHBOARD_CALLBACK = `${DASHBOARD_URL}/signed-in`;
const OLIVIA = 'olivia@acme.example';
const ADA = 'ada@acme.example';

const tokenResponseSchema = z.looseObject({
  access_token: z.string(),
  id_token: z.string(),
  refresh_token: z.string(),
  token_type: z.literal('Bearer'),
  expires_in: z.number(),
});
const discoverySchema = z.looseObject({ grant_types_supported: z.array(z.string()) });
const jwksSchema = z.strictObject({ keys: z.array(z.looseObject({ kid: z.string() })).min(1) });

let stateFolder: string;
let issuer: Issuer;

/** The provider says on the console what it finds missing, each thing once in a process. */
const printed: unknown[] = [];
for (const method of ['info', 'warn', 'error'] as const) {
  vi.spyOn(console, method).mockImplementation((...line) => printed.push(line));
}

beforeAll(async () => {
  stateFolder = await mkdtemp(join(tmpdir(), 'countersign-issuer-'));
  issuer = await startIssuer({ stateFolder, port: 0, dashboardUrl: DASHBOARD_URL });
}, 30_000);

afterAll(async () => {
  await issuer.close();
  await rm(stateFolder, { recursive: true });
  expect(printed).toEqual([]);
});

async function getJson(path: string): Promise<unknown> {
  const response = await fetch(new URL(path, issuer.url));
  expect(response.status).toBe(200);
  return response.json();
}

async function publishedKeyIds(): Promise<string[]> {
  return jwksSchema.parse(await getJson('/jwks')).keys.map((key) => key.kid);
}

/** Verifies as the gateway does, keys fetched anew. */
async function verify(token: string): Promise<JWTPayload> {
  const { payload } = await jwtVerify(token, createRemoteJWKSet(new URL('/jwks', issuer.url)), {
    issuer: issuer.url,
    audience: 'countersign',
    algorithms: ['RS256'],
    typ: 'at+jwt',
    requiredClaims: ['sub', 'exp', 'iat'],
  });
  return payload;
}

function passwordOf(sub: string): string {
  return issuer.logins.find((login) => login.sub === sub)?.password ?? '';
}

type Authorization = { url: string; verifier: string; redirectUri: string; clientId: string };

function authorizationRequest(
  clientId: string,
  redirectUri: string,
  extra: Record<string, string> = {},
): Authorization {
  const verifier = randomBytes(32).toString('base64url');
  const url = new URL('/auth', issuer.url);
  url.search = new URLSearchParams({
    client_id: clientId,
    redirect_uri: redirectUri,
    response_type: 'code',
    scope: 'openid email profile',
    state: 'a-state',
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    code_challenge_method: 'S256',
    ...extra,
  }).toString();
  return { url: url.href, verifier, redirectUri, clientId };
}

function forDashboard(extra: Record<string, string> = {}): Authorization {
  return authorizationRequest(DASHBOARD_CLIENT_ID, DASHBOARD_CALLBACK, extra);
}

function postToken(form: Record<string, string>): Promise<Response> {
  return fetch(new URL('/token', issuer.url), { method: 'POST', body: new URLSearchParams(form) });
}

async function redeem(authorization: Authorization, callback: string) {
  const response = await postToken({
    grant_type: 'authorization_code',
    client_id: authorization.clientId,
    redirect_uri: authorization.redirectUri,
    code: new URL(callback).searchParams.get('code') ?? '',
    code_verifier: authorization.verifier,
  });
  return { status: response.status, body: await response.json() };
}

describe('discovery', () => {
  test('names itself and only what it offers', async () => {
    const document = discoverySchema.parse(await getJson('/.well-known/openid-configuration'));
    expect(document).toMatchObject({
      issuer: issuer.url,
      authorization_endpoint: `${issuer.url}/auth`,
      token_endpoint: `${issuer.url}/token`,
      device_authorization_endpoint: `${issuer.url}/device/auth`,
      revocation_endpoint: `${issuer.url}/token/revocation`,
      jwks_uri: `${issuer.url}/jwks`,
      response_types_supported: ['code'],
      code_challenge_methods_supported: ['S256'],
      id_token_signing_alg_values_supported: ['RS256'],
      token_endpoint_auth_methods_supported: ['none'],
    });
    expect(document.grant_types_supported).toEqual(
      expect.arrayContaining([
        'authorization_code',
        'refresh_token',
        'urn:ietf:params:oauth:grant-type:device_code',
      ]),
    );
    expect(document).not.toHaveProperty('userinfo_endpoint');
    expect(document).not.toHaveProperty('registration_endpoint');
  });

  test('publishes public keys and nothing private', async () => {
    const { keys } = jwksSchema.parse(await getJson('/jwks'));
    for (const key of keys) {
      expect(key).toMatchObject({ kty: 'RSA', use: 'sig', alg: 'RS256' });
      for (const secret of ['d', 'p', 'q', 'dp', 'dq', 'qi']) expect(key).not.toHaveProperty(secret);
    }
  });

  test('answers to its own name only', async () => {
    const { port } = new URL(issuer.url);
    const status = await new Promise((resolve, reject) => {
      const options = { host: '127.0.0.1', port, path: '/jwks', headers: { host: `evil.example:${port}` } };
      request(options, (response) => resolve(response.resume().statusCode))
        .on('error', reject)
        .end();
    });
    expect(status).toBe(421);
  });

  test('lets the dashboard read tokens from its origin, and no other', async () => {
    const allowed = async (origin: string) => {
      const response = await fetch(new URL('/token', issuer.url), {
        method: 'POST',
        headers: { origin },
        body: new URLSearchParams({ grant_type: 'refresh_token', client_id: DASHBOARD_CLIENT_ID }),
      });
      return response.headers.get('access-control-allow-origin');
    };
    expect(await allowed(DASHBOARD_URL)).toBe(DASHBOARD_URL);
    expect(await allowed('http://127.0.0.1:9999')).toBeNull();
  });
});

describe('minted tokens', () => {
  test('verify against the published keys and say who, not what they may do', async () => {
    const { token, expiresAt } = await issuer.mintToken(OLIVIA);
    const payload = await verify(token);
    expect(payload).toEqual({
      sub: OLIVIA,
      email: OLIVIA,
      name: 'Olivia Okafor',
      iss: issuer.url,
      aud: 'countersign',
      client_id: CLI_CLIENT_ID,
      jti: expect.any(String),
      iat: expect.any(Number),
      exp: expect.any(Number),
    });
    expect(Number(payload.exp) - Number(payload.iat)).toBe(3600);
    expect(Date.parse(expiresAt)).toBe(Number(payload.exp) * 1000);
  });

  test('are refused once they have expired, and for another audience', async () => {
    const { token, expiresAt } = await issuer.mintToken(OLIVIA);
    const keys = createRemoteJWKSet(new URL('/jwks', issuer.url));
    const later = new Date(Date.parse(expiresAt) + 1000);
    await expect(jwtVerify(token, keys, { currentDate: later })).rejects.toThrow(/"exp"/);
    await expect(jwtVerify(token, keys, { audience: 'another-api' })).rejects.toThrow(/"aud"/);
  });

  test('are for known people only', async () => {
    await expect(issuer.mintToken('nobody@acme.example')).rejects.toMatchObject({ code: 'unknown_person' });
  });
});

describe('keys', () => {
  test('rotate: new tokens carry the new key, old ones still verify', async () => {
    const before = await issuer.mintToken(OLIVIA);
    const oldKeys = await publishedKeyIds();
    await issuer.rotateKeys();
    const after = await issuer.mintToken(OLIVIA);

    const oldKey = decodeProtectedHeader(before.token).kid;
    const newKey = decodeProtectedHeader(after.token).kid;
    expect(oldKeys).toContain(oldKey);
    expect(oldKeys).not.toContain(newKey);
    expect(await publishedKeyIds()).toEqual([newKey, ...oldKeys]);
    expect(await verify(before.token)).toMatchObject({ sub: OLIVIA });
    expect(await verify(after.token)).toMatchObject({ sub: OLIVIA });
  });

  test('stay over a restart, as do the passwords, readable by their owner alone', async () => {
    const { token } = await issuer.mintToken(ADA);
    const { logins } = issuer;
    const keys = await publishedKeyIds();
    const port = Number(new URL(issuer.url).port);
    await issuer.close();
    issuer = await startIssuer({ stateFolder, port, dashboardUrl: DASHBOARD_URL });

    expect(await publishedKeyIds()).toEqual(keys);
    expect(await verify(token)).toMatchObject({ sub: ADA });
    expect(issuer.logins).toEqual(logins);
    for (const file of ['issuer-keys.json', 'logins.json']) {
      expect((await stat(join(stateFolder, file))).mode & 0o777).toBe(0o600);
    }
  });
});

describe('signing in', () => {
  /** Opens the sign-in page and posts what a person types. */
  async function signIn(browser: TestBrowser, address: string, email: string, password: string) {
    const shown = await browser.open(address);
    expect(shown.text).toContain('<h1>Sign in</h1>');
    return browser.open(`${shown.url}/sign-in`, { email, password });
  }

  test('in the dashboard gives a token for the API, an ID token and a refresh token', async () => {
    const authorization = forDashboard({ nonce: 'a-nonce' });
    const browser = new TestBrowser(issuer.url);
    const end = await signIn(browser, authorization.url, ADA, passwordOf(ADA));
    expect(end.url).toMatch(/^http:\/\/127\.0\.0\.1:8787\/signed-in\?code=/);
    expect(new URL(end.url).searchParams.get('state')).toBe('a-state');
    expect(new URL(end.url).searchParams.get('iss')).toBe(issuer.url);

    const { body } = await redeem(authorization, end.url);
    const tokens = tokenResponseSchema.parse(body);
    expect(tokens.expires_in).toBe(3600);
    const access = await verify(tokens.access_token);
    expect(access).toMatchObject({
      sub: ADA,
      email: ADA,
      name: 'Ada Lindqvist',
      client_id: DASHBOARD_CLIENT_ID,
    });
    for (const claim of ['role', 'roles', 'approval_roles', 'scope'])
      expect(access).not.toHaveProperty(claim);
    expect(decodeJwt(tokens.id_token)).toMatchObject({
      aud: DASHBOARD_CLIENT_ID,
      sub: ADA,
      email: ADA,
      name: 'Ada Lindqvist',
      nonce: 'a-nonce',
    });
    await expect(verify(tokens.id_token)).rejects.toThrow();
  });

  test('is asked for once: the session answers the next time', async () => {
    const browser = new TestBrowser(issuer.url);
    await signIn(browser, forDashboard().url, ADA, passwordOf(ADA));
    const again = forDashboard();
    const { body } = await redeem(again, (await browser.open(again.url)).url);
    expect(await verify(tokenResponseSchema.parse(body).access_token)).toMatchObject({ sub: ADA });
  });

  test('survives a key rotation in between', async () => {
    const authorization = forDashboard();
    const browser = new TestBrowser(issuer.url);
    const end = await signIn(browser, authorization.url, ADA, passwordOf(ADA));
    await issuer.rotateKeys();
    const { body } = await redeem(authorization, end.url);
    const { access_token } = tokenResponseSchema.parse(body);
    expect(await verify(access_token)).toMatchObject({ sub: ADA });
  });

  test('is renewed by the refresh token, which works once', async () => {
    const authorization = forDashboard();
    const end = await signIn(new TestBrowser(issuer.url), authorization.url, ADA, passwordOf(ADA));
    const first = tokenResponseSchema.parse((await redeem(authorization, end.url)).body);
    const form = {
      grant_type: 'refresh_token',
      client_id: DASHBOARD_CLIENT_ID,
      refresh_token: first.refresh_token,
    };
    const second = tokenResponseSchema.parse(await (await postToken(form)).json());
    expect(await verify(second.access_token)).toMatchObject({ sub: ADA });
    expect(second.refresh_token).not.toBe(first.refresh_token);

    const replayed = await postToken(form);
    expect(replayed.status).toBe(400);
    expect(await replayed.json()).toMatchObject({ error: 'invalid_grant' });
  });

  test('with a wrong password or as nobody is refused in the same words', async () => {
    for (const email of [OLIVIA, 'nobody@acme.example']) {
      const page = await signIn(new TestBrowser(issuer.url), forDashboard().url, email, 'wrong');
      expect(page.status).toBe(403);
      expect(page.text).toContain('<p role="alert">Email and password do not match.</p>');
    }
  });

  test('with the password of somebody else is refused', async () => {
    const page = await signIn(new TestBrowser(issuer.url), forDashboard().url, OLIVIA, passwordOf(ADA));
    expect(page.status).toBe(403);
  });

  test('needs PKCE, the right verifier, and a code that was not used', async () => {
    const withoutPkce = new URL(forDashboard().url);
    withoutPkce.searchParams.delete('code_challenge');
    withoutPkce.searchParams.delete('code_challenge_method');
    const refused = await new TestBrowser(issuer.url).open(withoutPkce.href);
    expect(new URL(refused.url).searchParams.get('error')).toBe('invalid_request');

    const browser = new TestBrowser(issuer.url);
    const stolen = forDashboard();
    const stolenEnd = await signIn(browser, stolen.url, ADA, passwordOf(ADA));
    const wrong = await redeem({ ...stolen, verifier: 'v'.repeat(43) }, stolenEnd.url);
    expect(wrong).toMatchObject({ status: 400, body: { error: 'invalid_grant' } });

    const used = forDashboard();
    const usedEnd = await browser.open(used.url);
    expect((await redeem(used, usedEnd.url)).status).toBe(200);
    expect(await redeem(used, usedEnd.url)).toMatchObject({ status: 400, body: { error: 'invalid_grant' } });
  });

  test('returns to registered addresses only, and serves no other resource', async () => {
    const elsewhere = authorizationRequest(DASHBOARD_CLIENT_ID, 'https://evil.example/signed-in');
    const page = await new TestBrowser(issuer.url).open(elsewhere.url);
    expect(page.status).toBe(400);
    expect(page.text).toContain('redirect_uri');

    const other = await new TestBrowser(issuer.url).open(forDashboard({ resource: 'urn:another:api' }).url);
    expect(new URL(other.url).searchParams.get('error')).toBe('invalid_target');
  });

  test('can be canceled', async () => {
    const browser = new TestBrowser(issuer.url);
    const shown = await browser.open(forDashboard().url);
    const end = await browser.open(`${shown.url}/cancel`, {});
    expect(end.url).toMatch(/^http:\/\/127\.0\.0\.1:8787\/signed-in\?error=access_denied/);
  });

  test('in another browser than the one that began it is refused', async () => {
    const shown = await new TestBrowser(issuer.url).open(forDashboard().url);
    const other = await new TestBrowser(issuer.url).open(`${shown.url}/sign-in`, {
      email: ADA,
      password: passwordOf(ADA),
    });
    expect(other.status).toBe(400);
    expect(other.text).toContain('<h1>Too late</h1>');
  });

  test('on the command line, at any loopback port, asks for consent every time', async () => {
    const browser = new TestBrowser(issuer.url);
    for (const [round, port] of [49_152, 50_000].entries()) {
      const authorization = authorizationRequest(CLI_CLIENT_ID, `http://127.0.0.1:${port}/callback`);
      const consent =
        round === 0
          ? await signIn(browser, authorization.url, OLIVIA, passwordOf(OLIVIA))
          : await browser.open(authorization.url);
      expect(consent.text).toContain(
        '<b>Countersign command line</b> wants to act as <b>olivia@acme.example</b>',
      );
      const end = await browser.open(`${consent.url}/allow`, {});
      expect(new URL(end.url).port).toBe(String(port));
      const { body } = await redeem(authorization, end.url);
      expect(await verify(tokenResponseSchema.parse(body).access_token)).toMatchObject({ sub: OLIVIA });
    }
  });

  test('on a device gives it a token when the code was confirmed', async () => {
    const started = await fetch(new URL('/device/auth', issuer.url), {
      method: 'POST',
      body: new URLSearchParams({ client_id: CLI_CLIENT_ID, scope: 'openid email profile' }),
    });
    const device = z
      .looseObject({ device_code: z.string(), user_code: z.string(), verification_uri: z.string() })
      .parse(await started.json());
    const poll = () =>
      postToken({
        grant_type: 'urn:ietf:params:oauth:grant-type:device_code',
        client_id: CLI_CLIENT_ID,
        device_code: device.device_code,
      });
    expect(await (await poll()).json()).toMatchObject({ error: 'authorization_pending' });

    const browser = new TestBrowser(issuer.url);
    const asks = await browser.open(device.verification_uri);
    expect(asks.text).toContain('aria-label="Code"');
    const hidden = (text: string) => ({ xsrf: /name="xsrf" value="(\w+)"/.exec(text)?.[1] ?? '' });
    const unknown = await browser.open(asks.url, { ...hidden(asks.text), user_code: '<script>' });
    expect(unknown.text).toContain('role="alert"');
    expect(unknown.text).not.toContain('<script>');

    const confirms = await browser.open(asks.url, { ...hidden(unknown.text), user_code: device.user_code });
    expect(confirms.text).toContain(`<code>${device.user_code}</code>`);
    const signsIn = await browser.open(asks.url, {
      ...hidden(confirms.text),
      user_code: device.user_code,
      confirm: 'yes',
    });
    const consents = await browser.open(`${signsIn.url}/sign-in`, { email: ADA, password: passwordOf(ADA) });
    const done = await browser.open(`${consents.url}/allow`, {});
    expect(done.text).toContain('<h1>Signed in</h1>');

    const tokens = tokenResponseSchema.parse(await (await poll()).json());
    expect(await verify(tokens.access_token)).toMatchObject({ sub: ADA, client_id: CLI_CLIENT_ID });
  });
});

describe('signing out', () => {
  test('ends the session, after a question', async () => {
    const browser = new TestBrowser(issuer.url);
    const shown = await browser.open(forDashboard().url);
    await browser.open(`${shown.url}/sign-in`, { email: ADA, password: passwordOf(ADA) });
    const asks = await browser.open(
      `/session/end?client_id=${DASHBOARD_CLIENT_ID}&post_logout_redirect_uri=${DASHBOARD_URL}/`,
    );
    expect(asks.text).toContain('<h1>Sign out?</h1>');
    const xsrf = /name="xsrf" value="(\w+)"/.exec(asks.text)?.[1] ?? '';
    const end = await browser.open('/session/end/confirm', { xsrf, logout: 'yes' });
    expect(end.url).toBe(`${DASHBOARD_URL}/`);
    expect((await browser.open(forDashboard().url)).text).toContain('<h1>Sign in</h1>');
  });
});

describe('pages', () => {
  const HOSTILE = `"><script>alert('x')</script>&`;
  const ESCAPED = '&quot;&gt;&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;&amp;';

  test('show hostile input as text: a hint, a mistyped email, an error', async () => {
    const browser = new TestBrowser(issuer.url);
    const shown = await browser.open(forDashboard({ login_hint: HOSTILE }).url);
    expect(shown.text).toContain(`value="${ESCAPED}"`);
    const mistyped = await browser.open(`${shown.url}/sign-in`, { email: HOSTILE, password: 'x' });
    expect(mistyped.text).toContain(`value="${ESCAPED}"`);
    const failed = await browser.open(`/auth?client_id=${encodeURIComponent(HOSTILE)}`);
    for (const page of [shown, mistyped, failed]) {
      expect(page.text).not.toContain('<script>');
      expect(page.headers.get('content-security-policy')).toMatch(/^default-src 'none'; style-src 'sha256-/);
    }
  });

  test('refuse a form that is far too large, and paths that are not theirs', async () => {
    const browser = new TestBrowser(issuer.url);
    const shown = await browser.open(forDashboard().url);
    expect((await browser.open(`${shown.url}/sign-in`, { email: 'a'.repeat(20_000) })).status).toBe(413);
    expect((await browser.open(`${shown.url}/sign-in`)).status).toBe(404);
    expect((await browser.open('/interaction/')).status).toBe(404);
  });
});
