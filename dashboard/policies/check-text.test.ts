import { expect, test } from 'vitest';
import { checkText } from './check-text.ts';

const document = {
  name: 'looked-at',
  applies_to: ['*'],
  when: "rehearsal.status != 'done'",
  effect: 'refuse',
  message: 'wait for a rehearsal',
};
const problemsOf = (text: string) => {
  const checked = checkText(text);
  return checked.ok ? [] : checked.problems;
};

test('a document in good form is told as it was written, without what it leaves out', () => {
  const checked = checkText(JSON.stringify(document));
  expect(checked).toMatchObject({ ok: true, value: document, document: { tests: [], limits: [] } });
  expect(checked.ok && 'tests' in checked.value).toBe(false);
});

test('what is no JSON is one problem', () => {
  expect(problemsOf('{"name": ')).toEqual([{ path: '$', message: expect.stringMatching(/JSON/) }]);
});

test('every problem of the form is told with its place', () => {
  const wrong = {
    ...document,
    effect: 'approve',
    tests: [{ name: 'a', given: { befor: {} }, expect: 'approve' }],
  };
  const paths = problemsOf(JSON.stringify(wrong)).map(({ path }) => path);
  expect(paths).toContain('$.tests[0].given');
  expect(problemsOf(JSON.stringify({ ...document, message: undefined }))).toEqual([
    { path: '$.message', message: 'belongs to a policy that refuses' },
  ]);
  expect(problemsOf('[]')).toHaveLength(1);
});
