import { expect, test } from 'vitest';
import { lapseOf } from './authority.ts';
import { claimedOf, sampleConfig, sampleJob } from './sample-job.ts';
import { verifyClaim } from './verify-claim.ts';

const source = sampleConfig.sources.src_shop;
if (source === undefined) throw new Error('the sample has no source');
const scope = { sourceId: 'src_shop', projectId: undefined, source };
const claimed = claimedOf(sampleJob);

test('a claimed job gives a plan and the terms of its lease', () => {
  expect(verifyClaim(scope, claimed)).toMatchObject({
    kind: 'accepted',
    plan: { jobId: 'wbj_wrp_1' },
    terms: {
      leaseId: 'lse_1',
      attempt: 1,
      expiresAtMs: Date.UTC(2026, 10, 20, 12, 0, 30),
      writeByMs: Date.UTC(2026, 10, 20, 12, 0, 10),
    },
  });
});

test('what else stands beside the public job is not looked at', () => {
  const misleading = { ...claimed, patch: { total: 1 }, target: { schema: 'public', table: 'users' } };
  expect(verifyClaim(scope, misleading)).toEqual(verifyClaim(scope, claimed));
});

test.each([
  ['has no public job', { ...claimed, writeback_job: undefined }, 'JOB_MALFORMED'],
  ['depends on another row', { ...claimed, freshness: { required: true } }, 'FRESHNESS_UNSUPPORTED'],
  ['has no time to write by', { ...claimed, write_by: undefined }, 'JOB_MALFORMED'],
  ['has a time to write by that is none', { ...claimed, write_by: 1e12 }, 'JOB_MALFORMED'],
  ['names another job in its public form', { ...claimed, job_id: 'wbj_wrp_2' }, 'JOB_MALFORMED'],
  [
    'does not pass verification',
    { ...claimed, writeback_job: { ...sampleJob, force: 1 } },
    'JOB_UNKNOWN_FIELD',
  ],
])('a claimed job that %s is refused under its lease', (_name, value, reason) => {
  expect(verifyClaim(scope, value)).toMatchObject({ kind: 'refused', leaseId: 'lse_1', reason });
});

test.each([
  ['is not an object', 'job'],
  ['has no id', { ...claimed, job_id: '' }],
  ['has no lease', { ...claimed, lease_id: undefined }],
])('a claimed job that %s is dropped', (_name, value) => {
  expect(verifyClaim(scope, value)).toEqual({ kind: 'dropped', jobId: undefined, reason: 'JOB_MALFORMED' });
});

test('a claimed job under two leases is dropped', () => {
  const torn = { ...claimed, lease_id: 'lse_2' };
  expect(verifyClaim(scope, torn)).toEqual({ kind: 'dropped', jobId: 'wbj_wrp_1', reason: 'LEASE_NOT_MINE' });
});

test('authority ends at the time to write by, and the lease at its expiry', () => {
  const terms = { leaseId: 'lse_1', attempt: 1, writeByMs: 10_000, expiresAtMs: 30_000 };
  expect(lapseOf(terms, 9_999)).toBeUndefined();
  expect(lapseOf(terms, 10_000)).toBe('AUTHORITY_LAPSED');
  expect(lapseOf(terms, 30_000)).toBe('LEASE_EXPIRED');
  expect(lapseOf(terms, Number.POSITIVE_INFINITY)).toBe('LEASE_EXPIRED');
});
