import { describe, expect, test } from 'vitest';
import {
  isNear,
  limitHeader,
  limitsOf,
  limitsSettingSchema,
  readLimitsSetting,
  usualLimits,
} from './limits.ts';

describe('the limits of a project', () => {
  test('are the usual ones where nothing is said', () => {
    expect(limitsOf(readLimitsSetting(undefined), 'prj_1')).toEqual(usualLimits);
  });

  test('are its own before those of everywhere', () => {
    const setting = readLimitsSetting(
      '{"everywhere":{"open_runs":7,"credentials":8},"projects":{"prj_1":{"open_runs":9}}}',
    );
    expect(limitsOf(setting, 'prj_1')).toEqual({ ...usualLimits, open_runs: 9, credentials: 8 });
    expect(limitsOf(setting, 'prj_2')).toEqual({ ...usualLimits, open_runs: 7, credentials: 8 });
    expect(limitsOf(setting, 'constructor')).toEqual({ ...usualLimits, open_runs: 7, credentials: 8 });
  });

  test.each([
    ['a limit that there is not', { everywhere: { requests: 5 } }],
    ['a limit of nothing', { everywhere: { open_runs: 0 } }],
    ['a limit that is no whole number', { projects: { prj_1: { open_runs: 1.5 } } }],
    ['a field that is not known', { nowhere: {} }],
  ])('are refused with %s', (_, setting) => {
    expect(limitsSettingSchema.safeParse(setting).success).toBe(false);
  });
});

test('four fifths are near, one less is not', () => {
  expect(isNear({ used: 80, limit: 100 })).toBe(true);
  expect(isNear({ used: 79, limit: 100 })).toBe(false);
  expect(isNear({ used: 1, limit: 1 })).toBe(true);
});

test('the header names every limit that is near', () => {
  const marks = [
    { name: 'open_runs', used: 8, limit: 10 },
    { name: 'proposals_per_minute', used: 60, limit: 60 },
  ] as const;
  expect(limitHeader(marks)).toBe('open_runs; used=8; limit=10, proposals_per_minute; used=60; limit=60');
});
