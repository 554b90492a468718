import { describe, expect, test } from 'vitest';
import type { Issuer } from './gateway-settings.ts';
import { examineIssuers, issuerFinding } from './issuer-keys.ts';

const issuer: Issuer = {
  issuer: 'https://login.example.com',
  audience: 'countersign',
  jwks_uri: 'https://login.example.com/jwks',
  algorithms: ['ES256', 'RS256'],
};

describe('the keys of an issuer', () => {
  test.each([
    ['a curve that is allowed', { kty: 'EC', crv: 'P-256' }, 'issuer_reachable'],
    ['an algorithm that is allowed', { kty: 'RSA', alg: 'RS256', use: 'sig' }, 'issuer_reachable'],
    ['a key of RSA that names none', { kty: 'RSA' }, 'issuer_reachable'],
    ['another curve', { kty: 'EC', crv: 'P-384' }, 'issuer_keys_unusable'],
    ['another algorithm', { kty: 'RSA', alg: 'PS256' }, 'issuer_keys_unusable'],
    ['a key for encryption', { kty: 'RSA', use: 'enc' }, 'issuer_keys_unusable'],
    ['a symmetric key', { kty: 'oct', alg: 'HS256' }, 'issuer_keys_unusable'],
  ])('of %s: %s', (_what, key, code) => {
    expect(issuerFinding(issuer, JSON.stringify({ keys: [key] })).code).toBe(code);
  });

  test.each([undefined, '', '<html>', '{}', '{"keys":{}}', '{"keys":[1]}'])(
    'that are %j cannot be had',
    (text) => {
      expect(issuerFinding(issuer, text)).toMatchObject({
        code: 'issuer_unreachable',
        fix: expect.stringContaining('login.example.com'),
      });
    },
  );

  test('cannot be had where nobody listens', async () => {
    const nowhere = { ...issuer, jwks_uri: 'http://127.0.0.1:1/jwks' };
    expect(await examineIssuers([nowhere])).toMatchObject([{ code: 'issuer_unreachable' }]);
  });

  test('are nobody’s where no issuer is trusted', async () => {
    expect(await examineIssuers([])).toMatchObject([{ code: 'no_issuers', outcome: 'warning' }]);
  });
});
