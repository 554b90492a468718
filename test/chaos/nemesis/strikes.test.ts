import { expect, test } from 'vitest';
import { Random } from '../../simulation/random.ts';
import { firstRoundLength, type Shape, type Strike, strikeKinds, strikes } from './strikes.ts';

const shape: Shape = { runners: 3, databases: 2, leaseSeconds: 5 };

function first(count: number, seed: number): Strike[] {
  const all = strikes(new Random(seed), shape);
  return Array.from({ length: count }, () => all.next().value);
}

test('the same seed gives the same strikes, another one others', () => {
  expect(first(200, 7)).toEqual(first(200, 7));
  expect(first(200, 7)).not.toEqual(first(200, 8));
});

test('the first round has each kind, and crashes each database and cuts commits of each', () => {
  const round = first(firstRoundLength(shape), 7);
  expect(new Set(round.map(({ kind }) => kind))).toEqual(new Set(strikeKinds));
  for (const kind of ['database crashed', 'commits cut'] as const) {
    const struck = round.flatMap((strike) => (strike.kind === kind ? [strike.database] : []));
    expect(struck.sort()).toEqual([0, 1]);
  }
});

test('a pause is longer than a lease', () => {
  const pauses = first(2_000, 7).flatMap((strike) => (strike.kind === 'runner paused' ? [strike.ms] : []));
  expect(pauses.length).toBeGreaterThan(20);
  expect(Math.min(...pauses)).toBeGreaterThan(shape.leaseSeconds * 1_000);
});
