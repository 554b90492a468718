import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { FakePlane, type Reply } from '../testing/fake-plane.ts';
import { deviceFlow } from './device-flow.ts';
import { discover } from './issuer.ts';

/* What an issuer may answer besides what the local one does, which cli-login.test.ts tries. */

const { signal } = new AbortController();
const client = { clientId: 'cli', scope: 'openid' };
const refusal = (error: string): Reply => ({ status: 400, body: { error } });
const granted: Reply = { body: { access_token: 'a', token_type: 'Bearer' } };

let fake: FakePlane;
beforeEach(async () => {
  fake = await FakePlane.start();
  offers({ device_authorization_endpoint: `${fake.url}/device` });
  fake.on('POST /device', {
    body: {
      device_code: 'dc',
      user_code: 'UC',
      verification_uri: 'https://x.example',
      expires_in: 600,
      interval: 1,
    },
  });
});
afterEach(() => fake.stop());

function offers(more: object): void {
  fake.on('GET /.well-known/openid-configuration', {
    body: {
      issuer: fake.url,
      authorization_endpoint: `${fake.url}/auth`,
      token_endpoint: `${fake.url}/token`,
      ...more,
    },
  });
}

async function flow(...replies: Reply[]) {
  fake.on('POST /token', ...replies);
  const pauses: number[] = [];
  const pause = async (milliseconds: number) => pauses.push(milliseconds);
  const issuer = await discover(fake.url, signal);
  const tokens = deviceFlow(issuer, client, () => undefined, { pause, signal });
  return { pauses, tokens };
}

describe('the device flow', () => {
  test('asks slower once it is told to, and then no faster again', async () => {
    const { pauses, tokens } = await flow(
      refusal('authorization_pending'),
      refusal('slow_down'),
      refusal('authorization_pending'),
      granted,
    );
    expect(await tokens).toEqual({ access_token: 'a' });
    expect(pauses).toEqual([1_000, 1_000, 6_000, 6_000]);
    expect(fake.seen.at(-1)?.body).toEqual({
      grant_type: 'urn:ietf:params:oauth:grant-type:device_code',
      client_id: 'cli',
      device_code: 'dc',
    });
  });

  test.each([
    ['expired_token', 'the code has expired'],
    ['access_denied', 'the login was canceled'],
    ['invalid_grant', 'the issuer refused (invalid_grant)'],
  ])('ends at %s', async (error, message) => {
    const { tokens } = await flow(refusal(error));
    await expect(tokens).rejects.toMatchObject({ code: 3, message: expect.stringContaining(message) });
  });

  test('is not begun where the issuer does not offer it', async () => {
    offers({});
    const { tokens } = await flow(granted);
    await expect(tokens).rejects.toMatchObject({ code: 1 });
    expect(fake.seen).toHaveLength(1);
  });

  test('takes no token of another kind, and no page for an answer', async () => {
    const { tokens } = await flow({ body: { access_token: 'a', token_type: 'mac' } });
    await expect(tokens).rejects.toMatchObject({ code: 1 });
    const { tokens: page } = await flow({ status: 502, body: '<html>' });
    await expect(page).rejects.toMatchObject({ code: 5 });
  });
});

describe('an issuer', () => {
  test('whose endpoints would take a secret over plain http is not used', async () => {
    offers({ token_endpoint: 'http://login.example/token' });
    await expect(discover(fake.url, signal)).rejects.toMatchObject({ code: 1 });
  });
});
