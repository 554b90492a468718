import { expect, test } from 'vitest';
import { changeWords } from './change-words.ts';

test.each([
  ['policy.retired', 'A policy went out of force'],
  ['toString', 'toString'],
  ['something.newer', 'something.newer'],
])('%s is "%s"', (type, words) => {
  expect(changeWords(type)).toBe(words);
});
