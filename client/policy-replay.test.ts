import { expect, test } from 'vitest';
import { replayDetailOf } from './policy-replay.ts';

test('a replay is read by the ids of its proposals, whether they stand alone or with more', () => {
  expect(
    replayDetailOf({
      looked_at: 3,
      is_complete: true,
      would_approve: ['wrp_a', 'wrp_b'],
      would_ask: ['wrp_c'],
      of_these_rejected_by_people: [{ proposal_id: 'wrp_b', decided_by: 'person:x' }, 7],
    }),
  ).toEqual({
    lookedAt: 3,
    isComplete: true,
    approved: ['wrp_a', 'wrp_b'],
    asked: ['wrp_c'],
    refused: [],
    rejectedByPeople: ['wrp_b'],
  });
});

test('one that does not say that it saw everything did not', () => {
  const replay = { would_approve: [], of_these_rejected_by_people: [], is_complete: 'yes' };
  expect(replayDetailOf(replay)).toMatchObject({ isComplete: false, lookedAt: undefined });
});
