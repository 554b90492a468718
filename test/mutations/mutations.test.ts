import { describe, expect, test } from 'vitest';
import { alarmOf } from './guard.ts';
import { freezeGuards } from './guards-of-freezes.ts';
import { hostingGuards } from './guards-of-hosting.ts';
import { lawGuards } from './guards-of-law.ts';
import { limitGuards } from './guards-of-limits.ts';
import { runGuards } from './guards-of-runs.ts';
import { mutated, sourceOf } from './mutation.ts';
import { simulatedGuards, testedGuards } from './mutations.ts';
import { runTests, simulate } from './run-suite.ts';
import { seenFrom } from './seen-from.ts';

const SEEDS_WITHOUT = 50;
const simulated = [...simulatedGuards, ...lawGuards, ...freezeGuards];
const testedAlone = [...runGuards, ...hostingGuards, ...limitGuards, ...testedGuards];

describe('every mutation', () => {
  test.each([...simulated, ...testedAlone])('still fits its source: $name', ({ mutation }) => {
    expect(mutated(mutation, sourceOf(mutation))).not.toBe(sourceOf(mutation));
  });
});

describe('the simulation', () => {
  test('passes on the sources as they are', async () => {
    expect(await simulate({ from: 1, seeds: SEEDS_WITHOUT }, undefined)).toMatchObject({ code: 0 });
  });

  test.each(simulated)('fails without $name', async (guard) => {
    const { code, output } = await simulate({ from: seenFrom(guard), seeds: guard.seeds }, guard.mutation);
    expect(output).toMatch(alarmOf(guard));
    expect(code).toBe(1);
  });
});

describe('a suite', () => {
  test('passes on the sources as they are', async () => {
    const suites = new Set(testedAlone.map(({ suite }) => suite));
    const tests = new Set(testedAlone.map((guard) => `(?:${guard.tests})`));
    expect(await runTests([...suites], [...tests].join('|'), undefined)).toMatchObject({ code: 0 });
  });

  test.each(testedAlone)('fails without $name: $alarm', async ({ suite, tests, mutation, alarm }) => {
    const { code, output } = await runTests([suite], tests, mutation);
    expect(output).toMatch(new RegExp(`FAIL .*${alarm}`));
    expect(code).toBe(1);
  });
});
