import { changeSetSchema } from '@countersign/protocol/change-set';
import { sampleDelete } from '@countersign/protocol/change-set/sample-change-sets';
import { describe, expect, test } from 'vitest';
import type { ProposalRow } from '../schema.ts';
import { rehearsalState } from '../test-contract.ts';
import {
  appendAll,
  gist,
  NOW,
  person,
  proposalRow,
  queuedRow,
  SOURCE,
  submissionOf,
  worldOf,
} from '../test-support.ts';
import { askLook } from './ask-look.ts';

const ann = person('ann');

function looked(row: ProposalRow) {
  const world = worldOf({ proposals: [row] });
  const outcome = askLook(world, { type: 'look', proposalId: row.proposal_id }, ann, NOW);
  appendAll(world, outcome);
  return { ...gist(outcome), after: world.proposal(row.proposal_id) };
}

const done = rehearsalState({ status: 'done', number: 3, seq: 12 });

describe('a fresh look', () => {
  test.each(['pending_review', 'changes_requested'] as const)('may be asked for while it is %s', (state) => {
    expect(looked(proposalRow({ state, rehearsal: done }))).toMatchObject({
      answer: 'ok',
      entries: ['proposal.look_asked'],
      after: {
        state,
        lane: `rehearse/${SOURCE}`,
        // What was seen before stands until there is something newer.
        rehearsal: { status: 'asked', number: 4, asked_by: 'ann', lease_id: null, seq: 12 },
      },
    });
  });

  test('is the first of a change set that came complete', () => {
    expect(looked(proposalRow()).after?.rehearsal).toMatchObject({ number: 1, seq: null });
  });

  test('is not asked for where a runner could not look: at what is no update of one row', () => {
    const row = proposalRow();
    const change_set = changeSetSchema.parse(sampleDelete(row.proposal_id));
    const world = worldOf({
      proposals: [row],
      bodies: [{ seq: row.body_seq, body: { ...submissionOf(row), change_set } }],
    });
    const outcome = askLook(world, { type: 'look', proposalId: row.proposal_id }, ann, NOW);
    expect(gist(outcome)).toEqual({ answer: 'change_set_unsupported', entries: [] });
  });

  test.each(['asked', 'leased'] as const)('joins one that is %s', (status) => {
    expect(looked(proposalRow({ rehearsal: rehearsalState({ status }) }))).toMatchObject({
      answer: 'ok',
      entries: [],
    });
  });

  test.each<[string, ProposalRow]>([
    ['that was rejected', proposalRow({ state: 'rejected' })],
    ['that is queued', queuedRow(11)],
    ['whose first rehearsal is under way', proposalRow({ state: 'rehearsing', rehearsal: rehearsalState() })],
  ])('at a proposal %s is refused', (_name, row) => {
    expect(looked(row)).toMatchObject({ answer: 'proposal_already_decided', entries: [] });
  });

  test('at no proposal finds none', () => {
    expect(gist(askLook(worldOf(), { type: 'look', proposalId: 'p9' }, ann, NOW)).answer).toBe(
      'proposal_not_found',
    );
  });
});
