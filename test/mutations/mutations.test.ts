import { describe, expect, test } from 'vitest';
import { alarmOf } from './guard.ts';
import { hostingGuards } from './guards-of-hosting.ts';
import { lawGuards } from './guards-of-law.ts';
import { runGuards } from './guards-of-runs.ts';
import { mutated, sourceOf } from './mutation.ts';
import { simulatedGuards, testedGuards } from './mutations.ts';
import { runTests, simulate } from './run-suite.ts';
import { seenFrom } from './seen-from.ts';

const SEEDS_WITHOUT = 50;

describe('every mutation', () => {
  test.each([...simulatedGuards, ...lawGuards, ...runGuards, ...hostingGuards, ...testedGuards])(
    'still fits its source: $name',
    ({ mutation }) => {
      expect(mutated(mutation, sourceOf(mutation))).not.toBe(sourceOf(mutation));
    },
  );
});

describe('the simulation', () => {
  test('passes on the sources as they are', async () => {
    expect(await simulate({ from: 1, seeds: SEEDS_WITHOUT }, undefined)).toMatchObject({ code: 0 });
  });

  test.each([...simulatedGuards, ...lawGuards])('fails without $name', async (guard) => {
    const { code, output } = await simulate({ from: seenFrom(guard), seeds: guard.seeds }, guard.mutation);
    expect(output).toMatch(alarmOf(guard));
    expect(code).toBe(1);
  });
});

describe('a suite', () => {
  /** What passes on the sources as they are is asked once, however many guards are taken out of it. */
  const intactRuns = new Map<string, ReturnType<typeof runTests>>();
  function runIntact(suite: string, tests: string): ReturnType<typeof runTests> {
    const name = `${suite} ${tests}`;
    const running = intactRuns.get(name) ?? runTests(suite, tests, undefined);
    intactRuns.set(name, running);
    return running;
  }

  test.each([...runGuards, ...hostingGuards, ...testedGuards])(
    'fails without $name: $alarm',
    async ({ suite, tests, mutation, alarm }) => {
      expect(await runIntact(suite, tests)).toMatchObject({ code: 0 });
      const without = await runTests(suite, tests, mutation);
      expect(without.output).toMatch(new RegExp(`FAIL .*${alarm}`));
      expect(without.code).toBe(1);
    },
  );
});
