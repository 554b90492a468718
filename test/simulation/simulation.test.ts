import { availableParallelism } from 'node:os';
import { describe, expect, test } from 'vitest';
import { runCampaign } from './campaign.ts';
import { expectedTransitions } from './expected-transitions.ts';
import { injected, observed } from './faults.ts';
import { regressions, STEPS } from './regressions.ts';

const SEEDS = 5_000;
const LEAST_STRIKES = 250;
/** Some two minutes of two cores, which others may need as well. */
const LONGEST_MS = 900_000;

describe('the simulation', () => {
  test.each(regressions)('holds for seed $seed, which showed that $showed', async ({ seed }) => {
    const { failures } = await runCampaign({
      from: seed,
      seeds: 1,
      steps: STEPS,
      threads: 1,
      untilFailure: false,
    });
    expect(failures).toEqual([]);
  });

  test(
    'holds for 5,000 seeds, in which every fault strikes and every transition is taken',
    async () => {
      const threads = Math.min(availableParallelism(), 8);
      const tally = await runCampaign({ from: 1, seeds: SEEDS, steps: STEPS, threads, untilFailure: false });
      expect(tally.failures).toEqual([]);
      expect(tally.seeds).toBe(SEEDS);
      const rare = [...injected, ...observed].filter(
        (fault) => (tally.faults.get(fault) ?? 0) < LEAST_STRIKES,
      );
      expect(rare).toEqual([]);
      expect(expectedTransitions.filter((name) => !tally.transitions.has(name))).toEqual([]);
    },
    LONGEST_MS,
  );
});
