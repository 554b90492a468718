import { mintId } from '@countersign/protocol/ids';
import type { GuardedUpdateResult } from '@countersign/protocol/job/result';
import { describe, expect, test } from 'vitest';
import type { LedgerRow, ProposalRow } from '../schema.ts';
import { gist, JOB, LEASE, leasedRow, NOW, queuedRow, runner, TENANT, worldOf } from '../test-support.ts';
import { report } from './report-result.ts';
import type { StoredResult } from './stored-result.ts';

const OLD = mintId('lse', { at: NOW - 60_000, seq: 20, tenant: TENANT });

type Status = GuardedUpdateResult['status'];

function request(status: Status, changes: Partial<GuardedUpdateResult> = {}): GuardedUpdateResult {
  const base = { protocol_version: '1.0', job_id: JOB, runner_id: 'run_a', lease_id: LEASE } as const;
  return { ...base, status, result_hash: 'sha256:r', ...changes };
}

function stored(status: Status, changes: Partial<StoredResult> = {}): StoredResult {
  return {
    status,
    runner_id: 'run_a',
    lease_id: LEASE,
    affected_rows: null,
    result_version: null,
    result_hash: 'sha256:r',
    error_code: null,
    intent_id: null,
    completed_at: null,
    at: NOW - 1_000,
    ...changes,
  };
}

/** The entries that gave the two leases: the current one's to `run_a`, the older one's to `run_b`. */
function leaseEntries(row: ProposalRow): LedgerRow[] {
  return [[20, OLD, 'run_b'] as const, [30, LEASE, 'run_a'] as const].map(([seq, lease_id, runner_id]) => ({
    tenant: TENANT,
    seq,
    at: NOW - 60_000,
    actor_kind: 'runner',
    actor_id: 'crd_runner',
    type: 'job.leased',
    subject: row.proposal_id,
    body: JSON.stringify({ lease_id, runner_id }),
    prev_hash: '',
    prev_subject_seq: null,
    prev_subject_hash: null,
    nonce: 'n7',
    hash: '',
  }));
}

/** What a report does, and what the proposal and its job then are. */
function outcomeOf(row: ProposalRow, asked: GuardedUpdateResult) {
  const world = worldOf({ proposals: [row], leases: leaseEntries(row) });
  const outcome = report(world, { type: 'report', jobId: JOB, request: asked }, runner, NOW);
  for (const entry of outcome.entries) world.append(entry, NOW);
  const after = world.proposal(row.proposal_id);
  return { ...gist(outcome), state: after?.state, job: after?.job_state };
}

const ended = (job_state: Status, state: ProposalRow['state'], changes: Partial<ProposalRow> = {}) =>
  queuedRow(11, { state, job_state, result: stored(job_state), ...changes });

const RESULT = ['writeback.result'];
const DISCREPANCY = ['writeback.discrepancy'];

describe('the first result', () => {
  test.each<[Status, ProposalRow['state']]>([
    ['applied', 'applied'],
    ['already_applied', 'applied'],
    ['conflict', 'conflict'],
    ['failed', 'failed'],
    ['canceled', 'canceled'],
    ['reconciliation_required', 'indeterminate'],
  ])('%s under the current lease ends the job, and the proposal is %s', (status, state) => {
    const asked = request(status, { intent_id: 'i1' });
    expect(outcomeOf(leasedRow(), asked)).toEqual({ answer: 'ok', entries: RESULT, state, job: status });
  });

  test.each<[string, ProposalRow]>([
    ['that has run out but stands', leasedRow({ lease_expires_at: NOW - 60_000 })],
    ['of a job that is queued again', queuedRow(11, { attempt: 1, charged: 1 })],
    ['of a job that is a dead letter', queuedRow(11, { job_state: 'dead_letter', attempt: 5 })],
  ])('under a lease %s is the truth', (_name, row) => {
    expect(outcomeOf(row, request('applied'))).toMatchObject({
      answer: 'ok',
      entries: RESULT,
      state: 'applied',
    });
  });

  const late = { lease_id: OLD, runner_id: 'run_b' };

  test.each<[Status, string[]]>([
    ['applied', RESULT],
    ['already_applied', RESULT],
    ['conflict', RESULT],
    ['failed', []],
    ['canceled', []],
  ])('%s under an older lease, while another attempt holds the job, leaves %j', (status, entries) => {
    expect(outcomeOf(leasedRow({ attempt: 2 }), request(status, late))).toMatchObject({
      answer: 'ok',
      entries,
    });
  });
});

describe('a later result', () => {
  test.each<[string, ProposalRow, GuardedUpdateResult]>([
    ['the same', ended('applied', 'applied'), request('applied')],
    [
      'that it was applied already, with the same hash',
      ended('applied', 'applied'),
      request('already_applied'),
    ],
    ['an apply after an already-applied', ended('already_applied', 'applied'), request('applied')],
  ])('that says %s is accepted and adds nothing', (_name, row, asked) => {
    expect(outcomeOf(row, asked)).toMatchObject({ answer: 'ok', entries: [], state: 'applied' });
  });

  test.each<[string, ProposalRow, GuardedUpdateResult, ProposalRow['state']]>([
    [
      'an apply with another hash',
      ended('applied', 'applied'),
      request('applied', { result_hash: 'sha256:x' }),
      'applied',
    ],
    ['an apply after a conflict', ended('conflict', 'conflict'), request('applied'), 'indeterminate'],
    ['an apply after a failure', ended('failed', 'failed'), request('already_applied'), 'indeterminate'],
    ['a conflict after an apply', ended('applied', 'applied'), request('conflict'), 'applied'],
    [
      'an apply of a job that a person discarded',
      queuedRow(11, { state: 'canceled', job_state: 'canceled', attempt: 5 }),
      request('applied'),
      'indeterminate',
    ],
  ])('that says %s is refused and recorded', (_name, row, asked, state) => {
    expect(outcomeOf(row, asked)).toMatchObject({ answer: 'result_differs', entries: DISCREPANCY, state });
  });

  test('that contradicts again in the same way is recorded once', () => {
    const row = ended('conflict', 'indeterminate', { discrepancy: stored('applied') });
    expect(outcomeOf(row, request('applied'))).toMatchObject({ answer: 'result_differs', entries: [] });
  });
});

describe('a result under a lease', () => {
  test.each<[string, Partial<GuardedUpdateResult>, string]>([
    ['that never was', { lease_id: mintId('lse', { at: NOW, seq: 39, tenant: TENANT }) }, 'lease_unknown'],
    [
      'of another tenant',
      { lease_id: mintId('lse', { at: NOW, seq: 20, tenant: 'prj_other' }) },
      'lease_unknown',
    ],
    ['of another runner', { runner_id: 'run_b' }, 'lease_foreign'],
    ['that another runner had before', { lease_id: OLD }, 'lease_foreign'],
  ])('%s is refused', (_name, changes, answer) => {
    expect(outcomeOf(leasedRow(), request('applied', changes))).toMatchObject({
      answer,
      entries: [],
      job: 'leased',
    });
  });
});
