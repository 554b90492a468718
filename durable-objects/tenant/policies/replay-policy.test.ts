import { describe, expect, test } from 'vitest';
import { approving, asking, compiled, documentOf, factsOf, NOON } from './policy-samples.ts';
import { type PastProposal, PolicyReplay } from './replay-policy.ts';

const DAY_MS = 86_400_000;

function past(proposal_id: string, fee: number, at: number, outcome = 'approved'): PastProposal {
  return {
    proposal_id,
    facts: [factsOf({ now: at, patch: { fee }, after: { fee } })],
    outcome,
    decided_by: 'person:ada',
  };
}

function replayPolicy(policy: ReturnType<typeof compiled>, history: readonly PastProposal[]) {
  const replay = new PolicyReplay(policy);
  for (const one of history) replay.take(one);
  return replay.replayed;
}

describe('a policy over history', () => {
  test('approves within its limits, by day, in the order of time', () => {
    const policy = compiled(approving({ limits: [{ count: 2, per: 'policy', period: 'day' }] }));
    const history = [
      past('first', 10, NOON, 'rejected'),
      past('too large', 101, NOON + 1, 'rejected'),
      past('second', 10, NOON + 1, 'applied'),
      past('third', 10, NOON + 2),
      past('next day', 10, NOON + DAY_MS),
    ];
    expect(replayPolicy(policy, history)).toEqual({
      would_approve: ['first', 'second', 'next day'],
      would_ask: [],
      would_refuse: [],
      of_these_rejected_by_people: [{ proposal_id: 'first', decided_by: 'person:ada' }],
    });
  });

  test('a total is summed, and what does not fit leaves room for what does', () => {
    const policy = compiled(approving({ limits: [{ total: 100, of: 'fee', per: 'agent', period: 'day' }] }));
    const history = [
      past('a', 60, NOON),
      past('b', 50, NOON + 1),
      past('c', 40, NOON + 2),
      past('d', 1, NOON + 3),
    ];
    expect(replayPolicy(policy, history).would_approve).toEqual(['a', 'c']);
  });

  test('asks and refuses, also where a proposal cannot be evaluated', () => {
    const history = [
      past('small', 5, NOON),
      past('large', 50, NOON),
      { ...past('unseen', 5, NOON), facts: [factsOf({ after: {} })] },
    ];
    const expected = ['large', 'unseen'];
    expect(replayPolicy(compiled(asking({ when: 'after.fee > 9' })), history).would_ask).toEqual(expected);
    expect(replayPolicy(compiled(documentOf({ when: 'after.fee > 9' })), history).would_refuse).toEqual(
      expected,
    );
  });

  test('of no history, nothing', () => {
    expect(replayPolicy(compiled(documentOf()), [])).toEqual({
      would_approve: [],
      would_ask: [],
      would_refuse: [],
      of_these_rejected_by_people: [],
    });
  });
});
