import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FakePlane } from '@countersign/cli/testing/fake-plane';
import { runCli } from '@countersign/cli/testing/run-cli';
import { decodeJwt } from 'jose';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import * as z from 'zod';
import { type Issuer, startIssuer } from './issuer.ts';
import { TestBrowser } from './test-browser.ts';

/* The command line's two ways to sign in, against the local issuer, with a browser that a test drives. */

const ADA = 'ada@acme.example';
const tokensSchema = z.looseObject({
  access_token: z.string(),
  refresh_token: z.string(),
  expires_at: z.string(),
});
const profilesSchema = z.looseObject({
  current: z.string(),
  profiles: z.record(z.string(), z.looseObject({ tokens: tokensSchema.optional() })),
});

let stateFolder: string;
let folder: string;
let issuer: Issuer;
let plane: FakePlane;

/** The provider says on the console what it finds missing. */
for (const method of ['info', 'warn', 'error'] as const) vi.spyOn(console, method).mockReturnValue();

beforeAll(async () => {
  stateFolder = await mkdtemp(join(tmpdir(), 'countersign-issuer-'));
  issuer = await startIssuer({ stateFolder, port: 0, dashboardUrl: 'http://127.0.0.1:8787' });
  plane = await FakePlane.start();
  plane.on('GET /v1/runners', { body: { runners: [] } });
}, 30_000);
afterAll(async () => {
  await issuer.close();
  await plane.stop();
  await rm(stateFolder, { recursive: true });
});
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'countersign-cli-'));
  plane.seen.length = 0;
});
afterEach(() => rm(folder, { recursive: true }));

type Circumstances = Parameters<typeof runCli>[1];

function cli(args: readonly string[], circumstances: Circumstances = {}) {
  return runCli(args, { environment: { COUNTERSIGN_CONFIG_DIR: folder }, ...circumstances });
}

const place = () => ['--url', plane.url, '--issuer', issuer.url];
const passwordOf = (sub: string) => issuer.logins.find((login) => login.sub === sub)?.password ?? '';
const profilesPath = () => join(folder, 'profiles.json');

async function storedTokens() {
  const { profiles } = profilesSchema.parse(JSON.parse(await readFile(profilesPath(), 'utf8')));
  return profiles.default?.tokens;
}

/** What a person does in the browser, to the address to which the issuer sends it back. */
async function signIn(url: string, decision: 'allow' | 'cancel' = 'allow'): Promise<string> {
  const browser = new TestBrowser(issuer.url);
  const shown = await browser.open(url);
  const consent = await browser.open(`${shown.url}/sign-in`, { email: ADA, password: passwordOf(ADA) });
  return (await browser.open(`${consent.url}/${decision}`, {})).url;
}

/** Signs in by the browser that the command opens; `arrive` goes to where the issuer sends it. */
async function loginByLoopback(arrive: (callback: string) => Promise<unknown> = fetch, decision?: 'cancel') {
  const { promise: opened, resolve: openBrowser } = Promise.withResolvers<string>();
  const ran = cli(['login', ...place()], { openBrowser });
  await arrive(await signIn(await opened, decision));
  return ran;
}

describe('login by a browser on this machine', () => {
  test('keeps tokens of whoever signed in, readable by their owner alone', async () => {
    const pages: string[] = [];
    const ran = await loginByLoopback(async (callback) => {
      pages.push(await (await fetch(callback)).text());
    });
    expect(ran).toMatchObject({ code: 0, out: `signed in to ${plane.url} as profile default\n` });
    expect(pages).toEqual(['Signed in. You can close this page.\n']);
    const tokens = await storedTokens();
    expect(decodeJwt(tokens?.access_token ?? '')).toMatchObject({ sub: ADA, client_id: 'countersign-cli' });
    expect((await stat(profilesPath())).mode & 0o777).toBe(0o600);
    for (const secret of [tokens?.access_token, tokens?.refresh_token])
      expect(ran.out + ran.err).not.toContain(secret);
  });

  test('is what later commands use, and the profile remembers where', async () => {
    await loginByLoopback();
    expect(await cli(['runners', 'list'])).toMatchObject({ code: 0 });
    expect(plane.seen.map(({ token }) => token)).toEqual([(await storedTokens())?.access_token]);
    const { promise: opened, resolve: openBrowser } = Promise.withResolvers<string>();
    const again = cli(['login'], { openBrowser });
    await fetch(await signIn(await opened));
    expect(await again).toMatchObject({ code: 0 });
  });

  test('takes no answer but its own', async () => {
    const statuses: number[] = [];
    const ran = await loginByLoopback(async (callback) => {
      const forged = new URL(callback);
      forged.searchParams.set('state', 'guessed');
      const mixed = new URL(callback);
      mixed.searchParams.set('iss', 'https://evil.example');
      const elsewhere = new URL('/favicon.ico', callback);
      for (const url of [forged, mixed, elsewhere]) statuses.push((await fetch(url)).status);
      statuses.push((await fetch(callback, { method: 'POST' })).status, (await fetch(callback)).status);
    });
    expect(statuses).toEqual([400, 400, 404, 404, 200]);
    expect(ran).toMatchObject({ code: 0 });
  });

  test('that is canceled leaves nothing behind', async () => {
    const ran = await loginByLoopback(fetch, 'cancel');
    expect(ran).toMatchObject({ code: 3, out: '' });
    expect(ran.err).toContain('the login was canceled');
    await expect(stat(profilesPath())).rejects.toThrow('ENOENT');
  });

  test('with a code that the issuer does not know is refused', async () => {
    const ran = await loginByLoopback(async (callback) => {
      const forged = new URL(callback);
      forged.searchParams.set('code', 'made-up');
      await fetch(forged);
    });
    expect(ran).toMatchObject({ code: 3, out: '' });
  });
});

describe('login on another device', () => {
  const hidden = (text: string) => ({ xsrf: /name="xsrf" value="(\w+)"/.exec(text)?.[1] ?? '' });

  /** Enters the code that the command has shown, as a person does at the address that it has shown. */
  async function enter(said: string, decision: 'allow' | 'cancel'): Promise<void> {
    const [, address = ''] = /open\n {2}(\S+)\n/.exec(said) ?? [];
    const [, user_code = ''] = /enter\n {2}(\S+)\n/.exec(said) ?? [];
    const browser = new TestBrowser(issuer.url);
    const asks = await browser.open(address);
    const confirms = await browser.open(asks.url, { ...hidden(asks.text), user_code });
    const signsIn = await browser.open(asks.url, { ...hidden(confirms.text), user_code, confirm: 'yes' });
    const consents = await browser.open(`${signsIn.url}/sign-in`, { email: ADA, password: passwordOf(ADA) });
    await browser.open(`${consents.url}/${decision}`, {});
  }

  /** Runs the flow; the code is entered while the command waits for the second time. */
  async function loginByDevice(decision: 'allow' | 'cancel') {
    const pauses: number[] = [];
    const said: string[] = [];
    const ran = await cli(['login', '--device', ...place()], {
      pause: async (milliseconds) => {
        pauses.push(milliseconds);
        if (pauses.length === 2) await enter(said.join(''), decision);
      },
      hear: (text) => said.push(text),
    });
    return { ran, pauses };
  }

  test('shows a code, waits until it was entered, and keeps the tokens', async () => {
    const { pauses, ran } = await loginByDevice('allow');
    expect(ran).toMatchObject({ code: 0 });
    expect(pauses).toEqual([5_000, 5_000]);
    expect(decodeJwt((await storedTokens())?.access_token ?? '')).toMatchObject({ sub: ADA });
  });

  test('that is canceled there ends here', async () => {
    const { ran } = await loginByDevice('cancel');
    expect(ran).toMatchObject({ code: 3, out: '' });
    expect(ran.err).toContain('the login was canceled');
  });
});

describe('a login that has expired', () => {
  /** As if the access token had been given out long ago. */
  async function expire(): Promise<void> {
    const stored = JSON.parse(await readFile(profilesPath(), 'utf8'));
    stored.profiles.default.tokens.expires_at = '2026-01-01T00:00:00.000Z';
    await writeFile(profilesPath(), JSON.stringify(stored));
  }

  test('is renewed, once, also when several commands find it so', async () => {
    await loginByLoopback();
    const before = await storedTokens();
    await expire();
    const ran = await Promise.all([1, 2, 3].map(() => cli(['runners', 'list'])));
    expect(ran.map(({ code }) => code)).toEqual([0, 0, 0]);
    const after = await storedTokens();
    expect(after?.refresh_token).not.toBe(before?.refresh_token);
    expect(new Set(plane.seen.map(({ token }) => token))).toEqual(new Set([after?.access_token]));
  });

  test('and was ended at the issuer says what to do', async () => {
    await loginByLoopback();
    plane.on('POST /v1/control/sessions/revoke', { body: { ok: true } });
    const { access_token } = tokensSchema.parse(await storedTokens());
    const before = await readFile(profilesPath(), 'utf8');
    const logout = await cli(['logout', '--json']);
    expect(JSON.parse(logout.out)).toMatchObject({ ended: { control_plane: true, issuer: true } });
    expect(plane.seen.map(({ token }) => token)).toEqual([access_token]);
    expect(await storedTokens()).toBeUndefined();
    expect(await cli(['logout'])).toMatchObject({ code: 0, out: 'profile default is signed out\n' });
    expect((await cli(['runners', 'list'])).err).toContain('is not signed in');

    // A copy of the file from before opens nothing either.
    await writeFile(profilesPath(), before);
    await expire();
    expect(await cli(['runners', 'list'])).toMatchObject({
      code: 3,
      err: 'the login of profile default has expired\n  next: countersign login\n',
    });
  });
});

describe('an issuer', () => {
  test('that is none, or calls itself something else, is not used', async () => {
    const none = await cli(['login', '--url', plane.url, '--issuer', plane.url]);
    expect(none).toMatchObject({ code: 1, out: '' });
    plane.on('GET /.well-known/openid-configuration', {
      body: {
        issuer: issuer.url,
        authorization_endpoint: `${issuer.url}/auth`,
        token_endpoint: `${issuer.url}/token`,
      },
    });
    const other = await cli(['login', '--url', plane.url, '--issuer', plane.url]);
    expect(other).toMatchObject({ code: 3, out: '' });
    expect(await cli(['login', '--url', plane.url, '--issuer', 'http://127.0.0.1:1'])).toMatchObject({
      code: 5,
    });
  });
});
