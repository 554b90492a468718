import { env } from 'cloudflare:workers';
import { describe, expect, test } from 'vitest';
import './made-tenant.ts';
import { createApp } from '@countersign/gateway/app';
import { BadSettings, type GatewayEnv, settingsOf } from '@countersign/gateway/settings';

const issuer = {
  issuer: 'https://login.example.com',
  audience: 'countersign',
  jwks_uri: 'https://login.example.com/jwks',
};
const key = 'k'.repeat(32);

type Vars = Partial<Record<'ISSUERS' | 'TOKEN_MAC_KEYS' | 'DEFAULT_PROJECT' | 'LIMITS', string>>;
const good = { ISSUERS: JSON.stringify([issuer]), TOKEN_MAC_KEYS: JSON.stringify([key]) };

/** An environment with these settings; what is not named is right. */
function environment(vars: Vars = {}): GatewayEnv {
  const { DB, TENANT } = env;
  return { DB, TENANT, ...good, ...vars };
}

const issuers = (...changes: object[]) => ({
  ISSUERS: JSON.stringify(changes.map((change) => ({ ...issuer, ...change }))),
});

describe('the settings', () => {
  test('that are right are read, and an issuer may sign with any algorithm that is not symmetric', () => {
    const settings = settingsOf(environment({ DEFAULT_PROJECT: 'prj_1' }));
    expect(settings).toMatchObject({ issuers: [issuer], macKeys: [key], defaultProject: 'prj_1' });
    expect(settings.issuers[0]?.algorithms).toEqual(['RS256', 'PS256', 'ES256', 'ES384', 'EdDSA', 'Ed25519']);
  });

  test('are checked once for each environment', () => {
    const one = environment();
    expect(settingsOf(one)).toBe(settingsOf(one));
    expect(settingsOf(environment())).not.toBe(settingsOf(one));
  });

  test.each<[string, Vars, RegExp]>([
    ['issuers that are no JSON', { ISSUERS: 'https://login.example.com' }, /ISSUERS is not JSON/],
    ['issuers that are no list', { ISSUERS: '{}' }, /issuers/],
    ['an issuer with a field that is not known', issuers({ trust: true }), /issuers\.0/],
    ['an issuer that is no address', issuers({ issuer: 'login' }), /issuers\.0\.issuer/],
    ['an issuer without an audience', issuers({ audience: '' }), /issuers\.0\.audience/],
    ['the algorithm none', issuers({}, { algorithms: ['none'] }), /issuers\.1\.algorithms/],
    ['a symmetric algorithm', issuers({ algorithms: ['ES256', 'HS256'] }), /issuers\.0\.algorithms/],
    ['no algorithm', issuers({ algorithms: [] }), /issuers\.0\.algorithms/],
    ['no key', { TOKEN_MAC_KEYS: '[]' }, /macKeys/],
    ['a short key', { TOKEN_MAC_KEYS: '["secret-but-short"]' }, /macKeys\.0/],
    ['a key that is no text', { TOKEN_MAC_KEYS: '[12345678901234567890123456789012]' }, /macKeys\.0/],
    ['an empty project', { DEFAULT_PROJECT: '' }, /defaultProject/],
    ['limits that are no JSON', { LIMITS: 'many' }, /LIMITS is not JSON/],
    ['a limit that there is not', { LIMITS: '{"everywhere":{"requests":5}}' }, /limits\.everywhere/],
  ])('with %s are refused, and the fault says where but no value', (_, vars, where) => {
    const read = () => settingsOf(environment(vars));
    expect(read).toThrow(BadSettings);
    expect(read).toThrow(where);
    expect(read).not.toThrow(/secret-but-short/);
  });

  test.each(['ISSUERS', 'TOKEN_MAC_KEYS'] as const)('without %s are refused', (name) => {
    const without = environment();
    Reflect.deleteProperty(without, name);
    expect(() => settingsOf(without)).toThrow(`${name} is missing`);
  });

  test.each(['DB', 'TENANT'] as const)('without the binding %s are refused', (name) => {
    const without = environment();
    Reflect.deleteProperty(without, name);
    expect(() => settingsOf(without)).toThrow(`the binding ${name} is missing`);
  });

  test('that are wrong are answered with what is wrong and no value, and health goes on', async () => {
    const app = createApp();
    const wrong = environment({ TOKEN_MAC_KEYS: '["secret-but-short"]' });
    const answer = await app.request('/v1/proposals', {}, wrong);
    expect(answer.status).toBe(503);
    const text = await answer.text();
    expect(JSON.parse(text)).toMatchObject({
      error_code: 'misconfigured',
      message: expect.stringContaining('macKeys.0'),
      retryable: true,
    });
    expect(text).not.toContain('secret-but-short');
    expect((await app.request('/health', {}, wrong)).status).toBe(200);
  });
});
