import { expect, test } from 'vitest';
import { exactTime, shortTime, span } from './clock.ts';

test.each([
  [-5, '0 s'],
  [59_999, '59 s'],
  [60_000, '1 min'],
  [3_599_999, '59 min'],
  [3_600_000, '1 h'],
  [47 * 3_600_000, '47 h'],
  [48 * 3_600_000, '2 d'],
])('%i ms are %s', (milliseconds, text) => {
  expect(span(milliseconds)).toBe(text);
});

test('a time is told the shorter the nearer it is, and the exact one is the record’s', () => {
  const now = new Date(2027, 5, 15, 12, 0, 0);
  const today = shortTime(new Date(2027, 5, 15, 9, 1, 2), now.getTime());
  expect(today).toMatch(/01.02/);
  expect(today).not.toMatch(/15/);
  expect(shortTime(new Date(2027, 5, 14, 9, 1, 2), now.getTime())).toMatch(/14/);
  expect(shortTime(new Date(2025, 5, 14), now.getTime())).toMatch(/2025/);
  expect(exactTime(new Date(Date.UTC(2027, 0, 1)))).toContain('2027-01-01T00:00:00.000Z');
});
