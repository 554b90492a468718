import { describe, expect, test } from 'vitest';
import { lawGuards } from './guards-of-law.ts';
import { mutated, sourceOf } from './mutation.ts';
import { simulatedGuards, testedGuards } from './mutations.ts';
import { runTests, simulate } from './run-suite.ts';

const SEEDS_WITHOUT = 50;

describe('every mutation', () => {
  test.each([...simulatedGuards, ...lawGuards, ...testedGuards])(
    'still fits its source: $name',
    ({ mutation }) => {
      expect(mutated(mutation, sourceOf(mutation))).not.toBe(sourceOf(mutation));
    },
  );
});

describe('the simulation', () => {
  test('passes on the sources as they are', async () => {
    expect(await simulate(SEEDS_WITHOUT, undefined)).toMatchObject({ code: 0 });
  });

  test.each([...simulatedGuards, ...lawGuards])('fails without $name', async ({ mutation, seeds, alarm }) => {
    const { code, output } = await simulate(seeds, mutation);
    expect(output).toMatch(new RegExp(`^seed \\d+: ${alarm}`, 'm'));
    expect(code).toBe(1);
  });
});

describe('a suite', () => {
  test.each(testedGuards)('fails without $name: $alarm', async ({ suite, tests, mutation, alarm }) => {
    const [intact, without] = [
      await runTests(suite, tests, undefined),
      await runTests(suite, tests, mutation),
    ];
    expect(intact).toMatchObject({ code: 0 });
    expect(without.output).toMatch(new RegExp(`FAIL .*${alarm}`));
    expect(without.code).toBe(1);
  });
});
