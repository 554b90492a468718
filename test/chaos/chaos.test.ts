import { rm } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { declareMissing, missingEngines, testEngines } from '../support/engines.ts';
import { runCampaign } from './campaign.ts';
import { mutations } from './mutations.ts';
import { usual } from './options.ts';

const { CHAOS_SEED } = process.env;
const seed = CHAOS_SEED === undefined ? 1 + Math.floor(Math.random() * 1_000_000) : Number(CHAOS_SEED);

test('under real faults of every kind, each approved change is applied once or honestly not', async () => {
  console.log(`CHAOS_SEED=${seed}`);
  const { folder, tally, violations } = await runCampaign({ ...usual, seed, seconds: 25, pace: 500 });
  expect(violations, `seed ${seed}; evidence: ${folder}`).toEqual([]);
  expect([...tally.strikes].filter(([, count]) => count === 0)).toEqual([]);
  expect(tally.databases.size).toBe((await testEngines()).length);
  for (const [, { crashes, cuts }] of tally.databases) {
    expect(crashes).toBeGreaterThan(0);
    expect(Object.values(cuts).reduce((sum, count) => sum + count, 0)).toBeGreaterThan(0);
  }
});

declareMissing(test, await missingEngines());

/** Enough cut commits to see any of them. */
const brief = { seed: 1, seconds: 60, cutsOnly: 10, jobs: 400, runners: 1, databases: ['postgres'] };

test.each(mutations)('a campaign notices a runner without $name', async ({ alarm, name }) => {
  const { folder, violations } = await runCampaign({ ...usual, ...brief, mutation: name });
  if (folder !== undefined) await rm(folder, { recursive: true });
  expect(violations.map(({ check }) => check)).toContain(alarm);
});
