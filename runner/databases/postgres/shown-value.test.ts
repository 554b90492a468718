import { expect, test } from 'vitest';
import { shownValue } from './shown-value.ts';

test.each([
  ['bool', 16, 't', true],
  ['bool', 16, 'f', false],
  ['int2', 21, '-3', -3],
  ['int4', 23, '42', 42],
  ['int8', 20, '9007199254740993', '9007199254740993'],
  ['text', 25, 't', 't'],
  ['text', 25, '42', '42'],
  ['numeric', 1700, '1.10', '1.10'],
  ['oid', 26, '7', '7'],
  ['anything', undefined, '7', '7'],
  ['bool', 16, null, null],
  ['int4', 23, null, null],
])('of the type %s (%s), %s is told as %s', (_name, type, text, told) => {
  expect(shownValue(type, text)).toBe(told);
});
