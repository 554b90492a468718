import fc, { type AsyncCommand } from 'fast-check';
import { beforeAll } from 'vitest';
import { type SharedClockedPlane, secondClockedPlane, sharedClockedPlane } from '../support/shared-planes.ts';

/** Scripts with the same seed are the same. */
const SEED = Number(process.env.MODEL_SEED ?? Date.now() % 2 ** 31);

/** How many scripts a suite plays; by hand there may be many more than usual. */
export function scriptCount(usual: number): number {
  return Number(process.env.MODEL_RUNS ?? usual);
}

/** Planes for the test file that asks: two processes, for two cores. */
export function usePlanes(): () => readonly SharedClockedPlane[] {
  let planes: readonly SharedClockedPlane[] = [];
  beforeAll(async () => {
    planes = await Promise.all([sharedClockedPlane(), secondClockedPlane()]);
  });
  return () => planes;
}

interface Play<Belief extends object, Real extends object> {
  readonly scripts: number;
  /** How many of them go on side by side. */
  readonly lanes: number;
  readonly commands: fc.Arbitrary<Iterable<AsyncCommand<Belief, Real>>>;
  /** A tenant of its own for a script, and what is believed of it. */
  begin(plane: SharedClockedPlane, lane: number): Promise<{ readonly belief: Belief; readonly real: Real }>;
  /** Checks what must be true when all is said. */
  end(belief: Belief, real: Real): Promise<void>;
}

/** Plays scripts against planes. Throws with the shortest one that was found after which something does not hold. */
export async function playScripts<Belief extends object, Real extends object>(
  planes: readonly SharedClockedPlane[],
  { begin, commands, end, lanes, scripts }: Play<Belief, Real>,
): Promise<void> {
  console.log(`MODEL_SEED=${SEED} MODEL_RUNS=${scripts}`);
  const play = async (lane: number) => {
    const plane = planes[lane % planes.length];
    if (plane === undefined) throw new TypeError('there is no plane');
    const property = fc.asyncProperty(commands, async (script) => {
      const { belief, real } = await begin(plane, lane);
      await fc.asyncModelRun(() => ({ model: belief, real }), script);
      await end(belief, real);
    });
    await fc.assert(property, { seed: SEED + lane, numRuns: Math.ceil(scripts / lanes) });
  };
  await Promise.all(Array.from({ length: lanes }, (_, lane) => play(lane)));
}

/** What the scripts came to, and how often, for whoever looks whether they still come to everything. */
export function printCounts(counts: Iterable<readonly [string, number]>): void {
  console.log(
    [...counts]
      .map(([name, count]) => `${name}: ${count}`)
      .sort()
      .join('\n'),
  );
}
