import { describe, expect, test } from 'vitest';
import { CliFault } from '../fault.ts';
import { durationOf, durationText } from './duration.ts';

describe('a duration', () => {
  test.each([
    ['90s', 90],
    ['30m', 1_800],
    ['2h', 7_200],
    ['1d12h', 129_600],
    ['1h0m5s', 3_605],
  ])('%s is %i s', (text, seconds) => {
    expect(durationOf(text, '--for')).toBe(seconds * 1_000);
  });

  test.each(['', '2', 'h', '2 h', '0m', '-1h', '2h1d', '1.5h', 'tomorrow'])('%j is none', (text) => {
    expect(() => durationOf(text, '--for')).toThrow(CliFault);
  });

  test.each([
    [-5, '0s'],
    [0, '0s'],
    [59, '59s'],
    [60, '1m'],
    [3_605, '1h'],
    [7_320, '2h2m'],
    [129_600, '1d12h'],
  ])('of %i s is told as %s', (seconds, text) => {
    expect(durationText(seconds * 1_000)).toBe(text);
  });
});
