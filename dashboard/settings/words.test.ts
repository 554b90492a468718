import { expect, test } from 'vitest';
import { wordsIn } from './words.ts';

test('labels stand between commas, without the blanks around them, each once', () => {
  expect(wordsIn(' billing_lead, support lead ,,billing_lead')).toEqual(['billing_lead', 'support lead']);
  expect(wordsIn('')).toEqual([]);
});
