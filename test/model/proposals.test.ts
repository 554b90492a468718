import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { pushRequest } from '../support/contract.ts';
import { must } from '../support/must.ts';
import { type ClockedPlane, startClockedPlane } from '../support/plane.ts';
import { commands } from './commands.ts';
import { modelContract } from './law.ts';
import { Belief, expectRecord, Real } from './real.ts';
import { Taken } from './transitions.ts';

/** How many runs there are; each is up to fifty commands on a tenant of its own. */
const RUNS = Number(process.env.MODEL_RUNS ?? 1_250);
/** Runs with the same seed are the same. */
const SEED = Number(process.env.MODEL_SEED ?? Date.now() % 2 ** 31);
/** By hand there may be many more runs than usual: 150 ms of one core each, and other suites run beside them. */
const TIMEOUT_MS = RUNS * 500;
/** Runs that go on side by side. The first lane keeps its tenants' rows in D1, the others in their objects. */
const LANES = 40;

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
    const tenant = await (number === 0 ? plane.tenant() : plane.tenantWithOwnRows());
    const contracts = `/v1/control/projects/${tenant.project}/agent-contracts`;
    must(await tenant.olivia.post(contracts, pushRequest(modelContract())));
    const real = new Real(plane, tenant);
    const belief = new Belief(taken);
    await fc.asyncModelRun(() => ({ model: belief, real }), script);
    await expectRecord(belief, real);
  });
  await fc.assert(property, { seed: SEED + number, numRuns: Math.ceil(RUNS / LANES) });
}

test(
  'whatever is asked in whatever order, every answer and every state is as the rules say',
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
    expect(taken.missing, 'transitions that were never taken').toEqual([]);
    expect(taken.unheardOf, 'transitions that there are not').toEqual([]);
  },
  TIMEOUT_MS,
);
