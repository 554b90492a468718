import { expect, test } from 'vitest';
import { type Happening, workHistory } from './work-history.ts';

const SINCE = 1_800_000_000_000;
/** The stretch of these tests: 24 pieces of 10 s. */
const UNTIL = SINCE + 240_000;

const at = (second: number, type: Happening['type'], subject = 'wrp_1', status: string | null = null) => ({
  at: SINCE + second * 1_000,
  type,
  subject,
  status,
});
const result = (second: number, status: string) => at(second, 'writeback.result', `wrp_${second}`, status);
const history = (...happenings: readonly Happening[]) => workHistory(happenings, SINCE, UNTIL);

test('outcomes are counted where they happened, one that was there already among the applied', () => {
  const { applies } = history(
    result(0, 'applied'),
    result(5, 'already_applied'),
    result(15, 'conflict'),
    result(239, 'canceled'),
  );
  expect(applies.applied.slice(0, 2)).toEqual([2, 0]);
  expect(applies.conflict.slice(0, 2)).toEqual([0, 1]);
  expect(applies.other.at(-1)).toBe(1);
});

test('waiting is measured from its last beginning, and only where that is in the stretch', () => {
  const { decision_seconds, queue_seconds } = history(
    at(0, 'job.leased', 'wrp_before'),
    at(1, 'proposal.submitted'),
    at(4, 'proposal.approved'),
    at(6, 'job.leased'),
    at(7, 'job.released'),
    at(12, 'job.leased'),
  );
  expect(decision_seconds.median[0]).toBe(3);
  expect(queue_seconds.longest.slice(0, 3)).toEqual([2, 5, null]);
});

test('leases that ended by themselves are told by what they were of', () => {
  const { lapses } = history(at(0, 'job.lease_expired'), at(21, 'task.lease_expired', 'stp_1'));
  expect(lapses.changes[0]).toBe(1);
  expect(lapses.tasks.slice(0, 3)).toEqual([0, 0, 1]);
});

test('an empty stretch has nothing in it, and every piece of it', () => {
  const { applies, pieces, queue_seconds } = workHistory([], SINCE, SINCE);
  expect(applies.applied).toEqual(Array.from({ length: pieces }, () => 0));
  expect(queue_seconds.median).toEqual(Array.from({ length: pieces }, () => null));
});
