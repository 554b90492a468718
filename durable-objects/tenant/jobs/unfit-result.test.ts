import { changeSetSchema } from '@countersign/protocol/change-set';
import { sampleSet } from '@countersign/protocol/change-set/sample-change-sets';
import { type ResultRequest, resultRequestSchema } from '@countersign/protocol/job-requests';
import { describe, expect, test } from 'vitest';
import type { ProposalRow } from '../schema.ts';
import {
  appendAll,
  gist,
  JOB,
  LEASE,
  leasedRow,
  NOW,
  queuedRow,
  runner,
  submissionOf,
  worldOf,
} from '../test-support.ts';
import { report } from './report-result.ts';

const row = leasedRow();
const set = changeSetSchema.parse(sampleSet(row.proposal_id, 'set_update'));
const members = 'frozen_set' in set ? set.frozen_set.members : [];

/** What a runner reports of the set; `changes` says how that differs from what was approved. */
function told(changes: object = {}): ResultRequest {
  return resultRequestSchema.parse({
    protocol_version: '3.0',
    job_id: JOB,
    runner_id: 'run_a',
    lease_id: LEASE,
    operation: 'set_update',
    receipt_authority: 'source_db',
    status: 'applied',
    affected_rows: members.length,
    target_identities: members.map(({ primary_key }) => primary_key),
    set_digest: 'frozen_set' in set ? set.frozen_set.set_digest : '',
    member_effects: members.map(({ primary_key, before_digest, after_digest }) => ({
      primary_key,
      before_digest,
      after_digest,
    })),
    result_hash: 'sha256:r',
    completed_at: '2027-01-15T08:00:00Z',
    ...changes,
  });
}

function outcomeOf(asked: ResultRequest, before: ProposalRow = row) {
  const bodies = [{ seq: before.body_seq, body: { ...submissionOf(before), change_set: set } }];
  const world = worldOf({ proposals: [before], bodies });
  const outcome = report(world, { type: 'report', jobId: JOB, request: asked }, runner, NOW);
  appendAll(world, outcome);
  return { ...gist(outcome), after: world.proposal(before.proposal_id), entry: outcome.entries[0] };
}

const half = { affected_rows: 1 };

describe('a result of a set', () => {
  test('that fits ends its job, and the ledger keeps what was told of each row', () => {
    const { answer, entry, after } = outcomeOf(told());
    expect([answer, after?.state, after?.result?.affected_rows]).toEqual(['ok', 'applied', 2]);
    expect(entry).toMatchObject({
      type: 'writeback.result',
      body: { effects: { operation: 'set_update', member_effects: [{}, {}] } },
    });
    expect(after?.result).not.toHaveProperty('effects');
  });

  test('that says it wrote something else leaves the job open, and nobody can tell what is true', () => {
    const { answer, after, entries } = outcomeOf(told(half));
    expect(answer).toBe('result_unfit');
    expect(entries).toEqual(['writeback.discrepancy']);
    expect(after).toMatchObject({ state: 'indeterminate', job_state: 'leased', lane: 'lease' });
  });

  test('that wrote nothing and does not fit changes nothing but the record', () => {
    const conflict = { status: 'conflict', member_effects: [], affected_rows: 2 };
    expect(outcomeOf(told(conflict))).toMatchObject({
      answer: 'result_unfit',
      entries: ['writeback.discrepancy'],
      after: { state: 'approved', job_state: 'leased' },
    });
  });

  test('that does not fit is kept once', () => {
    const first = outcomeOf(told(half)).after;
    if (first === undefined) throw new Error('it is there');
    expect(outcomeOf(told(half), first)).toMatchObject({ answer: 'result_unfit', entries: [] });
    expect(outcomeOf(told(), first)).toMatchObject({ answer: 'ok', after: { state: 'applied' } });
  });

  test('is not handed out again while nobody can tell what an earlier attempt wrote', () => {
    const open = outcomeOf(told(half)).after;
    const requeued = queuedRow(11, { state: open?.state ?? 'approved', attempt: 1 });
    expect(requeued.lane).toBe('unknown');
  });

  test('of another version than its job is none of it', () => {
    const old = {
      protocol_version: '1.0',
      job_id: JOB,
      runner_id: 'run_a',
      lease_id: LEASE,
      status: 'failed',
    };
    expect(outcomeOf(resultRequestSchema.parse(old)).answer).toBe('result_unfit');
  });
});
