import { type ChangeSet, changeSetSchema } from '@countersign/protocol/change-set';
import {
  sampleCompensation,
  sampleDelete,
  sampleInsert,
  sampleSet,
  sampleUpdate,
} from '@countersign/protocol/change-set/sample-change-sets';
import { claimedJobSchema } from '@countersign/protocol/job/claimed-job';
import { resultFault } from '@countersign/protocol/job/fit-result';
import { jobOf } from '@countersign/protocol/job/job-of';
import { sampleLeased } from '@countersign/protocol/job/sample-leased';
import { resultRequestSchema } from '@countersign/protocol/job-requests';
import { describe, expect, test } from 'vitest';
import { receiptHash } from '../databases/receipt.ts';
import type { Outcome } from '../databases/source-database.ts';
import { answerOf, answerOfUnverified, type JobAnswer } from '../verify/job-answer.ts';
import { resultOf } from './result-of.ts';

type Fields = Readonly<Record<string, unknown>>;

const JOB = 'wbj_1';
const HASH = receiptHash(JOB, 'applied', '8');
const forward = { proposal_id: 'wrp_u', receipt: `sha256:${'f'.repeat(64)}` };
const unnamed = sampleInsert('wrp_i', {
  source: {
    kind: 'external_postgres',
    source_id: 'main_db',
    schema: 'public',
    table: 'parcels',
    primary_key: { column: 'number' },
  },
});

function jobOfSample(sample: Fields) {
  const changeSet: ChangeSet = changeSetSchema.parse(sample);
  return claimedJobSchema.parse(jobOf(changeSet, sampleLeased(changeSet)));
}

function answerTo(sample: Fields): JobAnswer {
  const job = jobOfSample(sample);
  return job.protocol_version === '1.0' ? { version: '1.0' } : answerOf(job);
}

const samples: [name: string, sample: Fields][] = [
  ['an update', sampleUpdate('wrp_u')],
  ['an insert', sampleInsert('wrp_i')],
  ['an insert whose key the database makes', unnamed],
  ['a delete', sampleDelete('wrp_d')],
  ['a set of updates', sampleSet('wrp_s', 'set_update')],
  ['a set of deletes', sampleSet('wrp_s', 'set_delete')],
  ['a batch of inserts', sampleSet('wrp_s', 'batch_insert')],
  ['a compensation', sampleCompensation('wrp_c', forward)],
];

const outcomes: Extract<Outcome, { resultHash: string } | { kind: 'failed' | 'receipt_corrupt' }>[] = [
  { kind: 'applied', resultVersion: '8', resultHash: HASH, target: '1' },
  { kind: 'already_applied', resultVersion: '8', resultHash: HASH, target: '1' },
  { kind: 'conflict', reason: 'ROW_NOT_FOUND', resultVersion: undefined, resultHash: HASH },
  { kind: 'failed', code: 'DELETE_CASCADE_BLOCKED' },
  { kind: 'receipt_corrupt' },
];

describe.each(samples)('the result of %s', (_name, sample) => {
  const sent = (outcome: Parameters<typeof resultOf>[2], answer = answerTo(sample)) =>
    resultRequestSchema.parse({
      ...resultOf(answer, JOB, outcome),
      ...{ runner_id: 'runner-1', lease_id: 'lse_1', completed_at: '2026-01-01T00:00:05.000Z' },
    });

  test.each(outcomes)('is what the wire takes, of $kind', (outcome) => {
    const told = sent(outcome);
    const { protocol_version } = jobOfSample(sample);
    expect(told).toMatchObject({ protocol_version, job_id: JOB });
    expect(told.affected_rows === 0).toBe(outcome.kind !== 'applied');
    expect(resultFault(changeSetSchema.parse(sample), told)).toBeUndefined();
  });

  test('can be told of a job that was refused before it was understood', () => {
    const answer = answerOfUnverified(jobOfSample(sample));
    const told = sent({ kind: 'refused', reason: 'OPERATION_NOT_ALLOWED' }, answer);
    expect(told).toMatchObject({ status: 'failed', affected_rows: 0, error_code: 'OPERATION_NOT_ALLOWED' });
  });
});

test('a row is told by the key that the database made, once it has made one', () => {
  const answer = answerTo(unnamed);
  const [applied, , conflict] = outcomes;
  if (applied === undefined || conflict === undefined) throw new Error('no outcome');
  expect(resultOf(answer, JOB, applied)).toMatchObject({
    target_identity: [{ column: 'number', value: '1' }],
  });
  expect(resultOf(answer, JOB, conflict)).toMatchObject({
    target_identity: [
      { column: 'id', value: 'wrp_i' },
      { column: 'tenant_id', value: 'acme' },
    ],
  });
});

test('what was removed is told by the version that it had, and what was written of a set member by member', () => {
  const [applied] = outcomes;
  if (applied === undefined) throw new Error('no outcome');
  const removed = resultOf(answerTo(sampleDelete('wrp_d')), JOB, applied);
  expect(removed).toMatchObject({ tombstone_digest: expect.stringMatching(/^sha256:/) });
  const set = sampleSet('wrp_s', 'set_delete');
  const { members } = Object(set.frozen_set);
  expect(resultOf(answerTo(set), JOB, applied)).toMatchObject({
    affected_rows: 2,
    member_effects: members.map(({ before_digest, primary_key, tombstone_digest }: Fields) => ({
      ...{ primary_key, before_digest, tombstone_digest },
    })),
  });
});
