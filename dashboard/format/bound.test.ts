import { expect, test } from 'vitest';
import { boundText } from './bound.ts';

test.each([
  ['fee_cents', { minimum: 0, maximum: 5000 }, '0.00 to 50.00'],
  ['days', { maximum: 3 }, 'at most 3'],
  ['days', { minimum: 1 }, 'at least 1'],
  ['days', { minimum: null }, ''],
  ['days', undefined, ''],
])('%s bounded by %j', (column, bound, text) => {
  expect(boundText(column, bound, {})).toBe(text);
});
