import { describe, expect, test } from 'vitest';
import { RatePacer } from './rate-pacer.ts';

const LONG = 60_000;

describe('requests of one kind', () => {
  test('go out three at once, then one a second', () => {
    const pacer = new RatePacer();
    const waits = Array.from({ length: 6 }, () => pacer.reserve('GET /a', 5_000, LONG));
    expect(waits).toEqual([0, 0, 0, 1_000, 2_000, 3_000]);
  });

  test('may come at once again after a rest', () => {
    const pacer = new RatePacer();
    for (let at = 0; at < 3; at += 1) pacer.reserve('GET /a', 0, LONG);
    expect(pacer.reserve('GET /a', 3_000, LONG)).toBe(0);
    expect(pacer.reserve('GET /a', 3_000, LONG)).toBe(0);
    expect(pacer.reserve('GET /a', 3_000, LONG)).toBe(0);
    expect(pacer.reserve('GET /a', 3_000, LONG)).toBe(1_000);
  });

  test('that come one a second never wait', () => {
    const pacer = new RatePacer();
    for (let at = 0; at < 10; at += 1) expect(pacer.reserve('GET /a', at * 1_000, LONG)).toBe(0);
  });

  test('do not hold up those of another', () => {
    const pacer = new RatePacer();
    for (let at = 0; at < 4; at += 1) pacer.reserve('GET /a', 0, LONG);
    expect(pacer.reserve('GET /b', 0, LONG)).toBe(0);
  });
});

test('a place that nobody can wait for is not taken', () => {
  const pacer = new RatePacer();
  for (let at = 0; at < 3; at += 1) pacer.reserve('GET /a', 0, LONG);
  expect(pacer.reserve('GET /a', 0, 1_000)).toBe(1_000);
  expect(pacer.reserve('GET /a', 0, LONG)).toBe(1_000);
});
