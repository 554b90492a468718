import { expect, test } from 'vitest';
import { NOW, proposalRow } from '../test-support.ts';
import { adviceFor } from './advice.ts';

const rejection = {
  verdict: 'rejected' as const,
  by: 'person:ann',
  name: 'Ann',
  at: NOW,
  reason: 'too late',
  effect_digest: 'sha256:effect',
  approval_roles: [],
};

test('an open proposal, and one that was applied, need none', () => {
  expect(adviceFor(proposalRow())).toBeNull();
  expect(adviceFor(proposalRow({ state: 'applied' }))).toBeNull();
});

test('a refusal by a rule carries its code, the rule, and what would pass', () => {
  const cause = {
    by: 'policy:small',
    code: 'refused_by_policy' as const,
    message: 'no',
    next: 'at most 100',
  };
  expect(adviceFor(proposalRow({ state: 'rejected', cause }))).toEqual(cause);
});

test('a rejection carries the words of whoever rejected', () => {
  const advice = adviceFor(proposalRow({ state: 'rejected', decisions: [rejection] }));
  expect(advice).toMatchObject({ code: 'rejected', by: 'person:ann', message: 'too late' });
});

test('a conflict says that the next proposal is made from the row as it is then', () => {
  const advice = adviceFor(proposalRow({ state: 'conflict' }));
  expect(advice).toMatchObject({ next: expect.stringContaining('as it is now') });
});

test('an expiry says when', () => {
  expect(adviceFor(proposalRow({ state: 'expired' }))).toMatchObject({
    code: 'proposal_expired',
    by: 'clock',
  });
});
