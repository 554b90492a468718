import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { letAct } from '../../support/action-flow.ts';
import { type ClockedPlane, startClockedPlane } from '../../support/plane.ts';
import { commands } from './commands.ts';
import { Belief, Real } from './real.ts';
import { expectRecord } from './record.ts';
import { Taken } from './taken.ts';

/** How many runs there are; each is up to forty commands on a tenant of its own. */
const RUNS = Number(process.env.MODEL_RUNS ?? 150);
/** Runs with the same seed are the same. */
const SEED = Number(process.env.MODEL_SEED ?? Date.now() % 2 ** 31);
const TIMEOUT_MS = 60_000 + RUNS * 2_000;
/** Runs that go on side by side. */
const LANES = 10;

/** Two processes, for two cores. */
let planes: readonly ClockedPlane[];
beforeAll(async () => {
  planes = await Promise.all([startClockedPlane(), startClockedPlane()]);
});
afterAll(() => Promise.all(planes.map((plane) => plane.stop())));

async function lane(number: number, taken: Taken): Promise<void> {
  const plane = planes[number % planes.length];
  if (plane === undefined) throw new TypeError('there is no plane');
  const property = fc.asyncProperty(commands, async (script) => {
    const real = new Real(plane, await letAct(await plane.tenantWithOwnRows()));
    const belief = new Belief(taken);
    await fc.asyncModelRun(() => ({ model: belief, real }), script);
    await expectRecord(belief, real);
  });
  await fc.assert(property, { seed: SEED + number, numRuns: Math.ceil(RUNS / LANES) });
}

test(
  'whatever is asked of the outbox in whatever order, every answer and every action is as the rules say',
  async () => {
    console.log(`MODEL_SEED=${SEED} MODEL_RUNS=${RUNS}`);
    const taken = new Taken();
    await Promise.all(Array.from({ length: LANES }, (_, number) => lane(number, taken)));
    console.log(
      [...taken.all]
        .sort()
        .map(([name, count]) => `${name}: ${count}`)
        .join('\n'),
    );
    expect(taken.missing(RUNS), 'steps that were never taken').toEqual([]);
    expect(taken.unheardOf, 'steps that there are not').toEqual([]);
  },
  TIMEOUT_MS,
);
