import { describe, expect, test } from 'vitest';
import { changeSet } from '../test-support.ts';
import { driftOf } from './drift.ts';

const seen = (before: { [column: string]: string | number }, version: string | number) =>
  driftOf(changeSet, { status: 'done', before, version });

describe('what has drifted', () => {
  test('is nothing while the row is as the change set says', () => {
    expect(seen({ fee: 5_500 }, 7)).toEqual([]);
    // Existing runners write versions as text.
    expect(seen({ fee: 5_500 }, '7')).toEqual([]);
  });

  test('is each column that is another now', () => {
    expect(seen({ fee: 100 }, 8)).toEqual(['fee', 'version']);
  });

  test('is the version alone where somebody changed what is not shown', () => {
    expect(seen({ fee: 5_500 }, 8)).toEqual(['version']);
  });

  test('is no column that the change set did not have', () => {
    expect(seen({ fee: 5_500, status: 'open' }, 7)).toEqual([]);
  });

  test.each(['failed', 'refused', 'row_not_found'] as const)(
    'is not known of a rehearsal that %s',
    (status) => {
      expect(driftOf(changeSet, { status })).toBeNull();
    },
  );
});
