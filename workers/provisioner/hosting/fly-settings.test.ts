import { describe, expect, test } from 'vitest';
import { BadHostingSettings, flySettings } from './fly-settings.ts';

const good = { baseUrl: 'https://api.machines.dev', organization: 'our-org', token: 'FlyV1 fm2_a,fm2_b=' };

describe('the settings of Fly', () => {
  test.each([good.baseUrl, 'http://127.0.0.1:4280', 'http://[::1]:4280', 'http://localhost'])(
    'may have the address %s',
    (baseUrl) => {
      expect(flySettings({ ...good, baseUrl })).toEqual({ ...good, baseUrl });
    },
  );

  test.each([
    'http://api.machines.dev',
    'http://_api.internal:4280',
    'http://127.0.0.1.example.com',
    'https://user:password@api.machines.dev',
    'https://api.machines.dev/v1',
    'https://api.machines.dev/',
    'https://api.machines.dev?a=b',
    'ftp://127.0.0.1',
    'api.machines.dev',
    '',
    undefined,
  ])('must not have the address %s', (baseUrl) => {
    expect(() => flySettings({ ...good, baseUrl })).toThrow(BadHostingSettings);
  });

  test.each(['', 'a\nb', ' a', 'a ', 'ä', undefined])('must not have the token %j', (token) => {
    expect(() => flySettings({ ...good, token })).toThrow(BadHostingSettings);
  });

  test('are told by their names, never by their values', () => {
    const wrong = { baseUrl: 'http://topsecret.example', organization: 'Topsecret!', token: 'Topsecret\n' };
    expect(() => flySettings(wrong)).toThrow(
      'the settings of the hosting provider are wrong at: baseUrl, organization, token',
    );
  });
});
