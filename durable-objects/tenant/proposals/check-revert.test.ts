import { changeSetSchema } from '@countersign/protocol/change-set';
import { sampleCompensation, sampleUpdate } from '@countersign/protocol/change-set/sample-change-sets';
import { describe, expect, test } from 'vitest';
import type { ProposalRow } from '../schema.ts';
import { NOW, proposalRow, SOURCE, submissionOf, worldOf } from '../test-support.ts';
import { checkRevert } from './check-revert.ts';

const RECEIPT = `sha256:${'f'.repeat(64)}`;
const result = {
  status: 'applied',
  runner_id: 'run_a',
  lease_id: 'lse_1',
  affected_rows: 1,
  result_version: '8',
  result_hash: RECEIPT,
  error_code: null,
  intent_id: null,
  completed_at: null,
  at: NOW,
} as const;
const forward = proposalRow({ state: 'applied', job_state: 'applied', result });
const reverting = sampleCompensation('wrp_back', { proposal_id: forward.proposal_id, receipt: RECEIPT });

function refusalTo(row: ProposalRow, fields: object = reverting, sourceId: string = SOURCE) {
  const change_set = changeSetSchema.parse(sampleUpdate(row.proposal_id));
  const bodies = [{ seq: row.body_seq, body: { ...submissionOf(row), change_set } }];
  const world = worldOf({ proposals: [row], bodies });
  return checkRevert(world, changeSetSchema.parse(fields), sourceId);
}

describe('what takes a change back', () => {
  test('passes for a change that was applied here, with its receipt', () => {
    expect(refusalTo(forward)).toBeUndefined();
  });

  test('is asked of nothing else', () => {
    expect(refusalTo(proposalRow(), sampleUpdate('wrp_other'))).toBeUndefined();
  });

  test.each<[string, ProposalRow, string]>([
    [
      'was not applied',
      proposalRow({ state: 'conflict', result: { ...result, status: 'conflict' } }),
      'was not applied',
    ],
    ['nobody can tell of', { ...forward, state: 'indeterminate' }, 'was not applied'],
    [
      'has another receipt',
      { ...forward, result: { ...result, result_hash: 'sha256:x' } },
      'another receipt',
    ],
    ['has none', { ...forward, result: { ...result, result_hash: null } }, 'another receipt'],
  ])('is refused for one that %s', (_, row, why) => {
    expect(refusalTo(row)).toMatchObject({ code: 'revert_unfounded', message: expect.stringContaining(why) });
  });

  test('is refused in another source, and where its own record names another proposal', () => {
    expect(refusalTo(forward, reverting, 'src_other')?.message).toContain('was not applied here');
    const lineage = { root_proposal_id: 'a', parent_proposal_id: 'a', reverts_proposal_id: 'a', depth: 1 };
    const made = { proposal_id: forward.proposal_id, receipt: RECEIPT };
    expect(refusalTo(forward, sampleCompensation('wrp_back', made, {}, { lineage }))?.message).toContain(
      'lineage',
    );
    const job = { forward_writeback_job_id: 'wbj_other' };
    expect(refusalTo(forward, sampleCompensation('wrp_back', made, {}, job))?.message).toContain(
      'another job',
    );
  });
});
