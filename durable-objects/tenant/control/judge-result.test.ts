import type { Arbiter } from '@countersign/protocol/control/control-document';
import { describe, expect, test } from 'vitest';
import { issuesOfArbiter, judgeResult, type ResultFacts } from './judge-result.ts';

const facts: ResultFacts = { task: 'summarize', command: 'review', attempt: 1, result: {}, artifacts: 0 };

function arbiter(...rules: Arbiter['rules']): Arbiter {
  return { rules, otherwise: 'accept' };
}

const rejecting = (when: string) => arbiter({ when, verdict: 'reject', message: 'no' });
const verdictOf = (when: string, changes: Partial<ResultFacts> = {}) =>
  judgeResult(rejecting(when), { ...facts, ...changes }).verdict;

describe('an arbiter', () => {
  test.each<[string, string, Partial<ResultFacts>, string]>([
    ['a number', 'result.score < 0.5', { result: { score: 0.4 } }, 'reject'],
    ['a number that is enough', 'result.score < 0.5', { result: { score: 0.5 } }, 'accept'],
    ['a decimal, exactly', 'result.sum == 0.3', { result: { sum: 0.3 } }, 'reject'],
    ['a text', 'result.words.contains("sorry")', { result: { words: 'so sorry' } }, 'reject'],
    ['something inside', 'result.page.lines > 2', { result: { page: { lines: 3 } } }, 'reject'],
    ['the attempt', 'attempt >= 2', { attempt: 2 }, 'reject'],
    ['how many artifacts there are', 'artifacts == 0', { artifacts: 1 }, 'accept'],
    ['whose task it is', 'task == "summarize" && command == "review"', {}, 'reject'],
    ['whether something is there', 'has(result.score)', { result: {} }, 'accept'],
    ['what is null, as if it were not there', 'has(result.score)', { result: { score: null } }, 'accept'],
  ])('can look at %s', (_name, when, changes, expected) => {
    expect(verdictOf(when, changes)).toBe(expected);
  });

  test('goes by the first rule that matches, and else by what it says otherwise', () => {
    const rules: Arbiter['rules'] = [
      { when: 'attempt < 2', verdict: 'retry', message: 'once more' },
      { when: 'true', verdict: 'accept', message: 'well' },
    ];
    expect(judgeResult(arbiter(...rules), facts)).toEqual({ verdict: 'retry', message: 'once more' });
    expect(judgeResult(arbiter(...rules), { ...facts, attempt: 2 }).verdict).toBe('accept');
    expect(judgeResult({ ...rejecting('false'), otherwise: 'reject' }, facts).verdict).toBe('reject');
  });

  test.each([
    ['what is not there', 'result.score < 1', {}],
    ['another type than it expects', 'result.score < 1', { score: 'high' }],
  ])('that looks at %s rejects: a judge who cannot read does not acquit', (_name, when, result) => {
    const judged = judgeResult(
      arbiter({ when, verdict: 'retry', message: 'no' }, { when: 'true', verdict: 'accept', message: 'yes' }),
      { ...facts, result },
    );
    expect(judged).toMatchObject({
      verdict: 'reject',
      message: expect.stringContaining('could not be evaluated'),
    });
  });

  test('that was saved by an older version and cannot be read rejects', () => {
    expect(judgeResult(rejecting('nothing.like.this'), facts).verdict).toBe('reject');
  });

  test.each([
    ['syntax', 'result.', 'cel_syntax'],
    ['names', 'row.x == 1', 'cel_unknown_name'],
    ['what may loop', '[1, 2].exists(x, x > 1)', 'cel_not_allowed'],
    ['what is neither true nor false', '"yes"', 'cel_not_boolean'],
  ])('is not saved with faults of %s, and is told where', (_name, when, code) => {
    expect(
      issuesOfArbiter(
        arbiter({ when: 'true', verdict: 'accept', message: 'x' }, rejecting(when).rules[0] ?? never()),
      ),
    ).toEqual(expect.arrayContaining([expect.objectContaining({ code, path: '$.document.rules[1].when' })]));
  });
});

function never(): never {
  throw new TypeError('there is a rule');
}
