import type { EntryType } from '@countersign/protocol/entry-types';
import type { LedgerEntry } from '@countersign/protocol/ledger';
import { expect, test } from 'vitest';
import { attemptsOf, receiptsOf } from './attempts.ts';

let seq = 0;
const entry = (type: EntryType, body: object): LedgerEntry => {
  seq += 1;
  return {
    tenant: 'prj_1',
    seq,
    at: new Date(seq * 1_000).toISOString(),
    actor: { kind: 'runner', id: 'crd_1' },
    type,
    subject: 'wrp_1',
    body: { ...body },
    prev_hash: '',
    prev_subject_seq: null,
    prev_subject_hash: null,
    hash: '',
  };
};
const leased = (lease_id: string, attempt: number) =>
  entry('job.leased', { lease_id, attempt, runner_id: 'billing-1' });
const result = (lease_id: string, status: string) => ({
  status,
  lease_id,
  runner_id: 'billing-1',
  result_hash: 'sha256:1',
  result_version: '2',
  affected_rows: 1,
  error_code: null,
});

test('each lease is an attempt, and its end is the one of that lease', () => {
  const attempts = attemptsOf([
    leased('lse_1', 1),
    entry('job.released', { lease_id: 'lse_1', reason: 'draining' }),
    leased('lse_2', 1),
    entry('job.lease_expired', { lease_id: 'lse_2' }),
    leased('lse_3', 2),
    entry('writeback.result', { result: result('lse_3', 'applied') }),
    leased('lse_4', 3),
  ]);
  expect(attempts.map(({ end, leaseId, number }) => [leaseId, number, end?.how])).toEqual([
    ['lse_1', 1, 'given back: draining'],
    ['lse_2', 1, 'the lease ended, and nothing was heard'],
    ['lse_3', 2, 'reported applied'],
    ['lse_4', 3, undefined],
  ]);
});

test('what was reported against what stood is told apart', () => {
  const receipts = receiptsOf([
    entry('writeback.result', { result: result('lse_1', 'applied') }),
    entry('writeback.discrepancy', { stored: null, reported: result('lse_2', 'failed') }),
    entry('job.leased', { unreadable: true }),
  ]);
  expect(receipts).toMatchObject([
    { status: 'applied', isRefused: false, version: '2', hash: 'sha256:1' },
    { status: 'failed', isRefused: true },
  ]);
});
