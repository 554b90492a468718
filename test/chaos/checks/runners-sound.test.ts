import { expect, test } from 'vitest';
import { checkRunnersSound } from './runners-sound.ts';

const runnerId = 'runner-1';

test('a runner that was killed, or ended when asked, or could not reach the plane, is sound', () => {
  const ends = [
    { runnerId, end: 'SIGKILL', sent: 'SIGKILL' },
    { runnerId, end: 0, sent: 'SIGTERM' },
    { runnerId, end: 'SIGTERM', sent: 'SIGTERM' },
    { runnerId, end: 5, sent: undefined },
  ];
  expect(checkRunnersSound(ends, [{ event: 'job_settled', outcome: 'applied' }])).toEqual([]);
});

test.each([
  ['that ended by itself', { runnerId, end: 1, sent: undefined }],
  ['that ended in good order and was not asked to', { runnerId, end: 0, sent: undefined }],
  ['that had to be killed after it was asked', { runnerId, end: 'SIGKILL', sent: 'SIGTERM' }],
])('a runner %s is not', (_, end) => {
  expect(checkRunnersSound([end], [])).toMatchObject([{ check: 'runners-sound' }]);
});

test.each([{ event: 'job_fault' }, { event: 'job_settled', outcome: 'receipt_corrupt' }])(
  'nor is one that logs %j',
  (line) => {
    expect(checkRunnersSound([], [line])).toMatchObject([{ check: 'runners-sound' }]);
  },
);
