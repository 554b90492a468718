import { describe, expect, test } from 'vitest';
import type { ProposalRow } from '../schema.ts';
import { leasedRow, NOW, proposalRow, queuedRow, SOURCE } from '../test-support.ts';

describe('where a proposal waits', () => {
  test.each<[string, ProposalRow, string | null, number | null]>([
    ['in review, by its expiry', proposalRow(), 'review', NOW + 60_000],
    ['queued, by when it was queued', queuedRow(11), `queue/${SOURCE}`, NOW - 1_000],
    ['resting, by the end of its rest', queuedRow(11, { not_before: NOW + 5_000 }), 'later', NOW + 5_000],
    ['leased, by the end of its lease', leasedRow(), 'lease', NOW + 25_000],
    ['dead, by when that was', queuedRow(11, { job_state: 'dead_letter', updated_at: NOW }), 'dead', NOW],
    [
      'unknown, by when that was, where nobody can tell',
      proposalRow({ state: 'indeterminate', job_state: 'reconciliation_required', updated_at: NOW }),
      'unknown',
      NOW,
    ],
    ['approved without a job, nowhere', proposalRow({ state: 'approved' }), null, null],
    ['ended, nowhere', proposalRow({ state: 'applied', job_state: 'applied' }), null, null],
    ['expired, nowhere', proposalRow({ state: 'expired' }), null, null],
  ])('%s', (_name, { lane, rank }, expectedLane, expectedRank) => {
    expect({ lane, rank }).toEqual({ lane: expectedLane, rank: expectedRank });
  });
});
