import { describe, expect, test } from 'vitest';
import { policyDocumentSchema } from './policy-document.ts';
import { Refused } from './problem.ts';
import { parseOrRefuse } from './validation.ts';

const refusing = {
  name: 'no-gifts',
  applies_to: ['billing.waive_fee'],
  when: 'true',
  effect: 'refuse',
  message: 'up to 5',
};
const asking = {
  name: 'two',
  applies_to: ['*'],
  when: 'true',
  effect: 'ask',
  requires: { role: 'finance', approvals: 2 },
};
const approving = {
  name: 'small_waivers',
  description: 'what nobody wants to look at',
  applies_to: ['billing.waive_fee'],
  when: 'after.fee <= 5',
  effect: 'approve',
  limits: [
    { count: 5, per: 'agent', period: 'day' },
    { total: 0, of: 'fee', per: 'object', period: 'day' },
  ],
  tests: [
    { name: 'yes', given: { after: { fee: 5 }, now: '2026-11-21T12:00:00Z' }, expect: 'approve' },
    { name: 'no', given: { after: { fee: 6 }, agent: { id: 'a' } }, expect: 'no_match' },
  ],
};

function refusalOf(document: unknown): readonly [string, string] | undefined {
  try {
    parseOrRefuse(policyDocumentSchema, document);
    return undefined;
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    const { code, errors } = error.refusal;
    return [code, errors?.find((issue) => issue.code === code)?.path ?? ''];
  }
}

describe('a policy document', () => {
  test.each([[refusing], [asking], [approving]])('is taken: %j', (document) => {
    expect(refusalOf(document)).toBeUndefined();
  });

  test('limits and tests may be left out where they are not needed', () => {
    expect(policyDocumentSchema.parse(refusing)).toMatchObject({ limits: [], tests: [] });
  });

  test.each([
    [refusing, { extra: 1 }, 'unknown_field', '$.extra'],
    [refusing, { name: '9lives' }, 'validation_failed', '$.name'],
    [refusing, { name: 'a b' }, 'validation_failed', '$.name'],
    [refusing, { name: 'a'.repeat(65) }, 'validation_failed', '$.name'],
    [refusing, { applies_to: [] }, 'validation_failed', '$.applies_to'],
    [
      refusing,
      { applies_to: Array.from({ length: 51 }, (_, n) => `c${n}`) },
      'validation_failed',
      '$.applies_to',
    ],
    [refusing, { applies_to: ['a', 'a'] }, 'policy_invalid', '$.applies_to'],
    [refusing, { applies_to: ['*', 'a'] }, 'policy_invalid', '$.applies_to'],
    [refusing, { when: '' }, 'validation_failed', '$.when'],
    [refusing, { when: ' '.repeat(4_001) }, 'validation_failed', '$.when'],
    [refusing, { effect: 'allow' }, 'validation_failed', '$.effect'],
    [refusing, { message: undefined }, 'policy_invalid', '$.message'],
    [asking, { message: 'no' }, 'policy_invalid', '$.message'],
    [asking, { requires: undefined }, 'policy_invalid', '$.requires'],
    [refusing, { requires: { approvals: 1 } }, 'policy_invalid', '$.requires'],
    [asking, { requires: { approvals: 0 } }, 'validation_failed', '$.requires.approvals'],
    [asking, { requires: { approvals: 11 } }, 'validation_failed', '$.requires.approvals'],
    [asking, { limits: approving.limits }, 'policy_invalid', '$.limits'],
    [approving, { limits: [] }, 'policy_invalid', '$.limits'],
    [approving, { limits: undefined }, 'policy_invalid', '$.limits'],
    [
      approving,
      { limits: [{ count: 0, per: 'agent', period: 'day' }] },
      'validation_failed',
      '$.limits[0].count',
    ],
    [
      approving,
      { limits: [{ count: 1, per: 'planet', period: 'day' }] },
      'validation_failed',
      '$.limits[0].per',
    ],
    [
      approving,
      { limits: [{ count: 1, per: 'agent', period: 'week' }] },
      'validation_failed',
      '$.limits[0].period',
    ],
    [
      approving,
      { limits: [{ count: 1, of: 'fee', per: 'agent', period: 'day' }] },
      'unknown_field',
      '$.limits[0].of',
    ],
    [
      approving,
      { limits: [{ total: 1, per: 'agent', period: 'day' }] },
      'validation_failed',
      '$.limits[0].of',
    ],
    [
      approving,
      { limits: [{ total: -1, of: 'fee', per: 'agent', period: 'day' }] },
      'validation_failed',
      '$.limits[0].total',
    ],
    [
      approving,
      { limits: Array.from({ length: 9 }, () => approving.limits[0]) },
      'validation_failed',
      '$.limits',
    ],
    [approving, { tests: [] }, 'policy_invalid', '$.tests'],
    [approving, { tests: approving.tests.slice(0, 1) }, 'policy_invalid', '$.tests'],
    [approving, { tests: approving.tests.slice(1) }, 'policy_invalid', '$.tests'],
    [approving, { tests: [...approving.tests, approving.tests[0]] }, 'policy_invalid', '$.tests'],
    [
      refusing,
      { tests: [{ name: 'x', given: { nosuch: 1 }, expect: 'refuse' }] },
      'unknown_field',
      '$.tests[0].given.nosuch',
    ],
    [
      refusing,
      { tests: [{ name: 'x', given: { now: 'noon' }, expect: 'refuse' }] },
      'validation_failed',
      '$.tests[0].given.now',
    ],
    [
      refusing,
      { tests: [{ name: 'x', given: { after: { 'a b': 1 } }, expect: 'refuse' }] },
      'invalid_identifier',
      '$.tests[0].given.after.a b',
    ],
    [
      refusing,
      { tests: [{ name: 'x', given: { after: { a: 2 ** 53 } }, expect: 'refuse' }] },
      'unsafe_number',
      '$.tests[0].given.after.a',
    ],
    [
      refusing,
      { tests: [{ name: 'x', given: {}, expect: 'default' }] },
      'validation_failed',
      '$.tests[0].expect',
    ],
  ])('%j with %j is refused', (document, changes, code, path) => {
    expect(refusalOf({ ...document, ...changes })).toEqual([code, path]);
  });
});
