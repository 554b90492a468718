import { expect, test } from 'vitest';
import { addressOf, fromHere } from './plane-address.ts';

test.each([
  ['127.0.0.1', 'http://127.0.0.1:8787', 'http://127.0.0.1:8787'],
  ['plane.example', 'http://plane.example:8787', 'http://plane.example:8787'],
  ['0.0.0.0', 'http://0.0.0.0:8787', 'http://127.0.0.1:8787'],
  ['::', 'http://[::]:8787', 'http://[::1]:8787'],
  ['::1', 'http://[::1]:8787', 'http://[::1]:8787'],
])('%s is %s, and from here %s', (host, address, here) => {
  expect(addressOf(host, 8787)).toBe(address);
  expect(fromHere(address)).toBe(here);
});
