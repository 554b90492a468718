import { expect, test } from 'vitest';
import { sentence } from './sentence.ts';

test.each([
  ['it waits', 'It waits.'],
  ['The invoice is void: ask for a new one.', 'The invoice is void: ask for a new one.'],
  ['who may?', 'Who may?'],
  ['', '.'],
])('%s', (text, told) => {
  expect(sentence(text)).toBe(told);
});
