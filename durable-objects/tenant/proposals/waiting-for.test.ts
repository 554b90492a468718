import { describe, expect, test } from 'vitest';
import type { ProposalRow } from '../schema.ts';
import { rehearsalState, rehearsingRow } from '../test-contract.ts';
import { leasedRow, NOW, proposalRow, queuedRow } from '../test-support.ts';
import { waitingFor } from './waiting-for.ts';

const remark = (kind: 'question' | 'answer', text: string) => ({
  kind,
  by: 'person:iss ann',
  name: 'ann',
  at: NOW,
  text,
});
const quorum = {
  requirements: [
    { role: 'lead', approvals: 1 },
    { role: null, approvals: 2 },
  ],
};
const unseen = { writable: false, rehearsal: rehearsalState({ status: 'missed' }) };

describe('what an open proposal waits for', () => {
  test.each<[string, ProposalRow, RegExp]>([
    ['being rehearsed: a runner', rehearsingRow(), /a runner is to look/],
    [
      'sent back: the answer to the newest question',
      proposalRow({
        state: 'changes_requested',
        conversation: [remark('question', 'why?'), remark('answer', 'so'), remark('question', 'how?')],
      }),
      /^ann asks: how\?$/,
    ],
    ['in review: whoever is missing', proposalRow(quorum), /an approval of lead and 2 approvals of anyone/],
    ['never seen: a fresh look', proposalRow(unseen), /nobody has seen the row/],
    // It may still be approved; it only has no job.
    ['seen, but not to be written: people', proposalRow({ writable: false }), /an approval of anyone/],
    ['queued: a runner', queuedRow(11), /waits for a runner/],
    ['resting: the end of its rest', queuedRow(11, { not_before: NOW + 1 }), /rests/],
    ['leased: the runner that has it', leasedRow(), /run_a is at work/],
    ['dead: an operator', queuedRow(11, { job_state: 'dead_letter' }), /ran out of attempts/],
    ['indeterminate: an operator', proposalRow({ state: 'indeterminate' }), /nobody can tell/],
  ])('%s', (_name, row, why) => {
    expect(waitingFor(row)?.why).toMatch(why);
    expect(waitingFor(row)?.next).not.toBe('');
  });

  test('says how many of them have approved, and names those who are missing only', () => {
    const decisions = [
      {
        verdict: 'approved' as const,
        by: 'person:iss lena',
        name: 'lena',
        at: NOW,
        reason: null,
        effect_digest: 'sha256:effect',
        approval_roles: ['lead'],
      },
    ];
    expect(waitingFor(proposalRow({ ...quorum, decisions }))?.why).toBe(
      'it needs 2 approvals of anyone who may approve (1 given)',
    );
  });

  test.each(['applied', 'conflict', 'failed', 'canceled', 'rejected', 'expired'] as const)(
    'is nothing once it is %s',
    (state) => {
      expect(waitingFor(proposalRow({ state }))).toBeNull();
    },
  );
});
