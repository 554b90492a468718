import { expect, test } from 'vitest';
import { expiryAfter } from './expiry.ts';

test('a credential ends so many days from now, or never by itself', () => {
  const now = Date.parse('2026-03-01T00:00:00Z');
  expect(expiryAfter(30, now)?.toISOString()).toBe('2026-03-31T00:00:00.000Z');
  expect(expiryAfter(null, now)).toBeUndefined();
});
