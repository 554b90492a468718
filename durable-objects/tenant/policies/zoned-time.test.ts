import { describe, expect, test } from 'vitest';
import { NOON } from './policy-samples.ts';
import { isTimeZone, timeOf } from './zoned-time.ts';

const hourOf = (text: string) => /, (\d\d):/.exec(text)?.[1];

describe('a time in its zones', () => {
  test.each([
    ['UTC', '11/21/2026, 12:00:00'],
    ['Europe/Berlin', '11/21/2026, 13:00:00'],
    ['America/New_York', '11/21/2026, 07:00:00'],
    ['Pacific/Auckland', '11/22/2026, 01:00:00'],
  ])('%s', (timeZone, text) => {
    expect(timeOf(NOON).toLocaleString('en-US', { timeZone })).toBe(text);
  });

  test('what is remembered of one time is not told of another', () => {
    const timeZone = 'Europe/Berlin';
    const [summer, winter] = [
      timeOf(Date.parse('2026-07-01T00:30:00Z')),
      timeOf(Date.parse('2026-12-01T23:30:00Z')),
    ];
    for (const _round of [1, 2]) {
      expect(hourOf(summer.toLocaleString('en-US', { timeZone }))).toBe('02');
      expect(hourOf(winter.toLocaleString('en-US', { timeZone }))).toBe('00');
    }
  });

  test('which zones there are', () => {
    expect(isTimeZone('Asia/Kathmandu')).toBe(true);
    expect(isTimeZone('Atlantis/Centre')).toBe(false);
  });
});
