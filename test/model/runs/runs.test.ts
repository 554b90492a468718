import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type ClockedPlane, startClockedPlane } from '../../support/plane.ts';
import { commands } from './commands.ts';
import { Belief, expectRecord, Real } from './real.ts';

/** How many scripts there are; each is up to forty commands on a tenant of its own. */
const RUNS = Number(process.env.MODEL_RUNS ?? 150);
/** Scripts with the same seed are the same. */
const SEED = Number(process.env.MODEL_SEED ?? Date.now() % 2 ** 31);
const TIMEOUT_MS = 60_000 + RUNS * 2_000;
/** Scripts that go on side by side. */
const LANES = 10;

let plane: ClockedPlane;
beforeAll(async () => {
  plane = await startClockedPlane();
});
afterAll(() => plane.stop());

async function lane(number: number, seen: Map<string, number>): Promise<void> {
  const property = fc.asyncProperty(commands, async (script) => {
    const real = new Real(plane, await plane.tenantWithOwnRows());
    const belief = new Belief(seen);
    await fc.asyncModelRun(() => ({ model: belief, real }), script);
    await expectRecord(belief, real);
  });
  await fc.assert(property, { seed: SEED + number, numRuns: Math.ceil(RUNS / LANES) });
}

/** Answers and ends that a hundred scripts come to many times over. */
const required = [
  ...['add: done', 'cancel: done', 'cancel task: done', 'finish: run_not_idle'],
  ...['renew: done', 'renew: claim_foreign', 'return: done', 'return: claim_foreign'],
  ...['complete: done', 'complete: claim_expired', 'complete: claim_foreign', 'complete: confirm_differs'],
  ...['complete: task_canceled', 'fail: done', 'fail: claim_foreign', 'fail: confirm_differs'],
  ...['a run is open', 'a run is succeeded', 'a run is failed', 'a run is canceled'],
];

test(
  'whatever is asked of runs in whatever order, every answer, every task and every run is as the rules say',
  async () => {
    console.log(`MODEL_SEED=${SEED} MODEL_RUNS=${RUNS}`);
    const seen = new Map<string, number>();
    await Promise.all(Array.from({ length: LANES }, (_, number) => lane(number, seen)));
    console.log(
      [...seen]
        .map(([name, count]) => `${name}: ${count}`)
        .sort()
        .join('\n'),
    );
    expect(required.filter((name) => !seen.has(name))).toEqual([]);
  },
  TIMEOUT_MS,
);
