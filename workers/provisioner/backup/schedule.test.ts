import { describe, expect, test } from 'vitest';
import { dueWork, isOverdue } from './schedule.ts';

const HOUR_MS = 3_600_000;
const NOW = Date.UTC(2027, 0, 15);
const ago = (hours: number) => NOW - hours * HOUR_MS;
const daily = { everyHours: 24, proveEveryHours: 24 };

describe('what is due', () => {
  test('is a snapshot where there is none yet', () => {
    const last = { snapshotAt: null, proofAt: null, since: NOW };
    expect(dueWork(daily, last, NOW)).toEqual({ kind: 'snapshot' });
  });

  test('is a snapshot before a proof', () => {
    expect(dueWork(daily, { snapshotAt: ago(25), proofAt: ago(30), since: 0 }, NOW)).toEqual({
      kind: 'snapshot',
    });
  });

  test('is a proof once there has been a snapshot for so long', () => {
    expect(dueWork(daily, { snapshotAt: ago(2), proofAt: ago(24), since: 0 }, NOW)).toEqual({
      kind: 'proof',
    });
    expect(dueWork(daily, { snapshotAt: ago(2), proofAt: null, since: 0 }, NOW)).toEqual({ kind: 'proof' });
  });

  test('is nothing before its time, which is told', () => {
    const last = { snapshotAt: ago(1), proofAt: ago(10), since: 0 };
    expect(dueWork(daily, last, NOW)).toEqual({ kind: 'later', at: NOW + 14 * HOUR_MS });
  });

  test('is nothing ever where nobody set a time', () => {
    const last = { snapshotAt: ago(900), proofAt: null, since: 0 };
    expect(dueWork({ everyHours: null, proveEveryHours: null }, last, NOW)).toEqual({
      kind: 'later',
      at: null,
    });
  });
});

describe('a snapshot is overdue', () => {
  test('after two intervals, counted from the last or from the beginning', () => {
    const last = { snapshotAt: ago(49), proofAt: null, since: 0 };
    expect(isOverdue(daily, last, NOW)).toBe(true);
    expect(isOverdue(daily, { ...last, snapshotAt: ago(48) }, NOW)).toBe(false);
    expect(isOverdue(daily, { ...last, snapshotAt: null, since: ago(1) }, NOW)).toBe(false);
  });

  test('never where it is taken only when somebody asks', () => {
    const last = { snapshotAt: ago(9_000), proofAt: null, since: 0 };
    expect(isOverdue({ everyHours: null, proveEveryHours: null }, last, NOW)).toBe(false);
  });
});
