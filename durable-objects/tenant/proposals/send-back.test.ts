import { describe, expect, test } from 'vitest';
import type { ProposalRow } from '../schema.ts';
import { appendAll, gist, NOW, person, proposalRow, worldOf } from '../test-support.ts';
import { sendBack } from './send-back.ts';

const ann = person('ann');

function sentBack(row: ProposalRow, effectDigest: string | null = null) {
  const world = worldOf({ proposals: [row] });
  const ask = { type: 'send-back', proposalId: row.proposal_id, question: 'why?', effectDigest } as const;
  const outcome = sendBack(world, ask, ann, NOW);
  appendAll(world, outcome);
  return { ...gist(outcome), after: world.proposal(row.proposal_id) };
}

describe('a question of a reviewer', () => {
  test('sends the proposal back and stands in its conversation', () => {
    expect(sentBack(proposalRow(), 'sha256:effect')).toMatchObject({
      answer: 'ok',
      entries: ['proposal.sent_back'],
      after: {
        state: 'changes_requested',
        lane: 'review',
        conversation: [{ kind: 'question', by: 'person:iss ann', text: 'why?' }],
      },
    });
  });

  test('takes back no approval that was given: the effect is the same', () => {
    const approval = {
      verdict: 'approved' as const,
      by: 'person:iss bob',
      name: 'bob',
      at: NOW,
      reason: null,
      effect_digest: 'sha256:effect',
      approval_roles: [],
    };
    expect(sentBack(proposalRow({ decisions: [approval] })).after?.decisions).toEqual([approval]);
  });

  test.each<[string, ProposalRow, string | null, string]>([
    ['that is being rehearsed', proposalRow({ state: 'rehearsing' }), null, 'proposal_already_decided'],
    ['that was sent back', proposalRow({ state: 'changes_requested' }), null, 'proposal_already_decided'],
    ['that is decided', proposalRow({ state: 'rejected' }), null, 'proposal_already_decided'],
    ['that has expired', proposalRow({ expires_at: NOW }), null, 'proposal_expired'],
    ['that has changed', proposalRow(), 'sha256:other', 'decision_outdated'],
  ])('about a proposal %s is refused', (_name, row, effectDigest, answer) => {
    expect(sentBack(row, effectDigest)).toMatchObject({ answer, entries: [] });
  });

  test('about no proposal finds none', () => {
    const ask = { type: 'send-back', proposalId: 'p9', question: 'why?', effectDigest: null } as const;
    expect(gist(sendBack(worldOf(), ask, ann, NOW)).answer).toBe('proposal_not_found');
  });
});
