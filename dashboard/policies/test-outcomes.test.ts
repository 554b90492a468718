import { expect, test } from 'vitest';
import { otherIssues, testOutcomes } from './test-outcomes.ts';

const tests = ['small', 'large'].map((name) => ({ name, given: {}, expect: 'approve' as const }));
const issue = (path: string) => ({ path, code: 'test_failed', message: `${path} is wrong` });
const states = (issues: readonly ReturnType<typeof issue>[]) =>
  testOutcomes(tests, { isTaken: false, issues }).map(({ state }) => state);

test('all tests of a policy that is taken have passed', () => {
  expect(testOutcomes(tests, { isTaken: true }).map(({ state }) => state)).toEqual(['passed', 'passed']);
});

test('the others have passed where one failed', () => {
  expect(states([issue('$.tests[1]')])).toEqual(['passed', 'failed']);
  expect(testOutcomes(tests, { isTaken: false, issues: [issue('$.tests[1]')] })[1]?.messages).toEqual([
    '$.tests[1] is wrong',
  ]);
});

test('none has run where the condition does not compile', () => {
  const verdict = { isTaken: false, issues: [issue('$.when')] } as const;
  expect(states([issue('$.when')])).toEqual(['not_run', 'not_run']);
  expect(otherIssues(verdict)).toHaveLength(1);
});

test('where more failed than is told, nobody knows of the others', () => {
  expect(states(Array.from({ length: 20 }, () => issue('$.tests[0]')))).toEqual(['failed', 'not_told']);
});
