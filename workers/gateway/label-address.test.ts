import { describe, expect, test } from 'vitest';
import { labelIn } from './label-address.ts';

const at = (address: string, domain?: string) => {
  const found = labelIn(address, domain);
  return found === undefined ? undefined : `${found.label} ${found.url.href}`;
};

describe('the address of a project', () => {
  test.each([
    ['https://plane.example/t/acme/v1/runners?limit=3', 'acme https://plane.example/v1/runners?limit=3'],
    ['https://acme.plane.example/v1/runners', 'acme https://plane.example/v1/runners'],
    ['https://plane.example/v1/runners', undefined],
    ['https://plane.example/t/acme', undefined],
    ['https://plane.example/t/Acme/v1/runners', undefined],
    ['https://plane.example/t/../v1/runners', undefined],
    ['https://a.b.plane.example/v1/runners', undefined],
    ['https://notplane.example/v1/runners', undefined],
    ['https://api.plane.example/v1/runners', undefined],
    ['https://acme.plane.example.evil.example/v1/runners', undefined],
  ])('%s is %s', (address, found) => {
    expect(at(address, 'plane.example')).toBe(found);
  });

  test.each([undefined, ''])('is no host name where the installation has the domain %j', (domain) => {
    expect(at('https://acme.plane.example/v1/runners', domain)).toBeUndefined();
    expect(at('https://acme./v1/runners', domain)).toBeUndefined();
  });
});
