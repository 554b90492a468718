import { expect, test } from 'vitest';
import { canBeTold, toldInteger } from './told-value.ts';

test.each([
  ['0', 0],
  ['-7', -7],
  ['007', 7],
  ['9007199254740991', 9_007_199_254_740_991],
  ['-9007199254740991', -9_007_199_254_740_991],
  ['9007199254740992', '9007199254740992'],
  ['-9007199254740993', '-9007199254740993'],
  ['18446744073709551615', '18446744073709551615'],
  ['2026-01-01 00:00:00', '2026-01-01 00:00:00'],
  ['1e3', '1e3'],
  ['', ''],
])('the integer %s is told as %s', (text, told) => {
  expect(toldInteger(text)).toBe(told);
});

test.each([
  ['nothing', {}, true],
  ['every kind of value', { a: 1, b: 'ż\u{1F9FE}', c: null, d: true }, true],
  ['the longest text', { a: 'x'.repeat(65_536) }, true],
  ['a longer one', { a: 'x'.repeat(65_537) }, false],
  ['a NUL', { a: 'x\u0000' }, false],
  ['half a character', { a: '\ud83e' }, false],
])('whether %s can be told', (_what, row, can) => {
  expect(canBeTold({}, row)).toBe(can);
});

test('rows that are more than an answer holds cannot be told', () => {
  const row = { a: 'x'.repeat(60_000), b: 'x'.repeat(59_000) };
  expect(canBeTold(row, row)).toBe(true);
  expect(canBeTold(row, { ...row, c: 'ż'.repeat(2_000) })).toBe(false);
});
