import { expect, test } from 'vitest';
import { appliesWords, effectTitle, limitWords } from './policy-words.ts';

test.each([
  [{ effect: 'approve' as const }, 'Approves, nobody is asked'],
  [{ effect: 'refuse' as const }, 'Refuses'],
  [{ effect: 'ask' as const, requires: { approvals: 1 } }, 'Asks for one approval'],
  [{ effect: 'ask' as const, requires: { approvals: 2, role: 'lead' } }, 'Asks for 2 approvals by lead'],
])('%j', (policy, words) => {
  expect(effectTitle(policy)).toBe(words);
});

test('a star is everything', () => {
  expect(appliesWords({ applies_to: ['*'] })).toBe('everything that can be proposed');
  expect(appliesWords({ applies_to: ['a.b', 'c.d'] })).toBe('a.b, c.d');
});

test.each([
  [{ count: 1, per: 'policy' as const, period: 'day' as const }, 'at most 1 change a day, in all'],
  [
    { total: 20_000, of: 'fee_cents', per: 'agent' as const, period: 'day' as const },
    'at most 200.00 of fee_cents in total a day, for each agent',
  ],
])('%j', (limit, words) => {
  expect(limitWords(limit)).toBe(words);
});
