import fc from 'fast-check';
import { expect, test } from 'vitest';
import { keepsNumbers } from './json-numbers.ts';

test.each([
  '{}',
  '[0, -0, 1.10, 1e2, 1.5E-3, 0.1, 100.00]',
  '18446744073709551615',
  '-9223372036854775808',
  '{"12345678901234567890123": "0.12345678901234567891"}',
  '"\\"12345678901234567890123"',
])('%s is kept', (json) => {
  expect(keepsNumbers(json)).toBe(true);
});

test.each([
  '18446744073709551616',
  '-9223372036854775809',
  '[1, 12345678901234567890123]',
  '{"a": 0.12345678901234567891}',
  '123456789012345678.5',
  '1e400',
  '1e-400',
  '"\\\\" : 12345678901234567890123',
  '1.2.3',
])('%s is not', (json) => {
  expect(keepsNumbers(json)).toBe(false);
});

test('whatever came from doubles is kept', () => {
  fc.assert(fc.property(fc.jsonValue(), (value) => keepsNumbers(JSON.stringify(value)) || hasHuge(value)));
});

/** JSON writes doubles of 10^20 as integers that no 64 bits hold. */
function hasHuge(value: unknown): boolean {
  return /\d{20}/.test(JSON.stringify(value));
}
