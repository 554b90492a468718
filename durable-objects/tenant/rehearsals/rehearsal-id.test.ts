import { describe, expect, test } from 'vitest';
import { readRehearsalId, rehearsalIdOf } from './rehearsal-id.ts';

describe('the id of a rehearsal', () => {
  test.each([
    [1, 'wrp_1'],
    [12, 'own_proposal_2'],
  ])('of number %i of %s names both', (number, proposalId) => {
    expect(readRehearsalId(rehearsalIdOf(proposalId, number))).toEqual({ number, proposalId });
  });

  test.each([
    '',
    'rhj_',
    'rhj_1',
    'rhj_0_wrp_1',
    'rhj_-1_wrp_1',
    'rhj_1e3_wrp_1',
    'wbj_1_wrp_1',
    'rhj_9999999999_x',
  ])('is not %j', (id) => {
    expect(readRehearsalId(id)).toBeUndefined();
  });
});
