import { expect, test } from 'vitest';
import { checkRules } from './check-rules.ts';

const rule = { name: 'daytime', asks: ['decide'], effect: 'deny', when: 'now.getHours() < 7' };

test('rules in good form are told as they are', () => {
  expect(checkRules(JSON.stringify([rule]))).toEqual({ ok: true, rules: [rule] });
});

test.each([
  ['[', '$'],
  ['{}', '$'],
  [JSON.stringify([{ ...rule, asks: ['*', 'decide'] }]), '$[0].asks'],
  [JSON.stringify([rule, rule]), '$'],
])('%s is wrong at %s', (text, path) => {
  const checked = checkRules(text);
  expect(checked.ok ? [] : checked.problems.map((problem) => problem.path)).toEqual([path]);
});
