import { judge } from '@countersign/durable-objects/tenant/policies/judge';
import type { Bench, Measured } from '../support/bench.ts';
import {
  compiled,
  judgeByHand,
  type PolicyTwin,
  policyTwins,
  sampleFacts,
  shape,
} from '../support/policy-twins.ts';
import { interleaved, ratios } from '../support/rounds.ts';
import { spreadOf } from '../support/statistics.ts';
import { spreadLine } from '../support/table.ts';

const COUNTS = [1, 10, 100] as const;
const ROUND_MS = { quick: 100, full: 500 } as const;
const COMPILATIONS = { quick: 50, full: 200 } as const;
const CAPABILITIES = 20;
/** Between two looks at the clock. */
const STRETCH = 64;
const facts = sampleFacts(STRETCH);

/**
 * What policies cost in the process that judges: `judge` of 1, 10 and 100 compiled ones that all apply, against the
 * same law written by hand as JavaScript; and what it costs to compile one, and the first one of a capability. In Node,
 * on the engine that workerd runs too.
 */
export async function celEvaluation(bench: Bench): Promise<Measured> {
  const length = bench.isQuick ? 'quick' : 'full';
  const judged = [];
  for (const count of COUNTS) judged.push(await judgeBoth(bench.rounds, count, ROUND_MS[length]));
  const compile = await interleaved(bench.rounds, {
    next: async () => microsecondsToCompile(COMPILATIONS[length]),
    first: async () => microsecondsOfFirst(CAPABILITIES),
  });
  const [next, first] = [spreadOf(compile.next), spreadOf(compile.first)];
  return {
    results: {
      cel_evaluation: {
        ...Object.fromEntries(judged.map(({ count, ...result }) => [count, result])),
        compile_us: { a_policy: next, first_of_a_capability: first },
        process: 'node, processor time of its thread',
      },
    },
    lines: [
      ...judged.flatMap(({ count, judge_us, by_hand_us, ratio_spread }) => [
        spreadLine(`judge, ${count} compiled ${count === 1 ? 'policy' : 'policies'}, microseconds`, judge_us),
        spreadLine('  by hand, microseconds', by_hand_us),
        spreadLine('  judge / by hand', ratio_spread),
      ]),
      spreadLine('compiling a policy, microseconds', next),
      spreadLine('  the first one of a capability', first),
    ],
  };
}

async function judgeBoth(rounds: number, count: number, milliseconds: number) {
  const twins = policyTwins(count);
  const policies = twins.map((twin) => compiled(twin));
  const judgeOne = (place: number) => judge(policies, facts[place] ?? never(), () => undefined).kind;
  const none = new Map<string, number>();
  const judgeOneByHand = (place: number) => judgeByHand(twins, facts[place] ?? never(), none);
  checkAlike(judgeOne, judgeOneByHand);
  const parts = {
    judge: async () => microsecondsEach(judgeOne, milliseconds),
    byHand: async () => microsecondsEach(judgeOneByHand, milliseconds),
  };
  await interleaved(1, parts);
  const { judge: compiledUs, byHand } = await interleaved(rounds, parts);
  return {
    count,
    judge_us: spreadOf(compiledUs),
    by_hand_us: spreadOf(byHand),
    ratio_spread: spreadOf(ratios(compiledUs, byHand)),
  };
}

/** Two programs that decide differently cannot be compared. */
function checkAlike(left: (place: number) => string, right: (place: number) => string): void {
  const kinds = new Set<string>();
  for (const place of facts.keys()) {
    if (left(place) !== right(place))
      throw new Error(`facts ${place} came to ${left(place)}, and by hand to ${right(place)}`);
    kinds.add(left(place));
  }
  if (kinds.size < 2) throw new Error('all facts came to the same judgement');
}

function microsecondsEach(judgeOne: (place: number) => string, milliseconds: number): number {
  const end = performance.now() + milliseconds;
  const used = microsecondsUsed();
  let judged = 0;
  let approved = 0;
  while (performance.now() < end) {
    for (let place = 0; place < STRETCH; place += 1) if (judgeOne(place) === 'approve') approved += 1;
    judged += STRETCH;
  }
  if (approved === 0) throw new Error('nothing was approved');
  return (microsecondsUsed() - used) / judged;
}

/** Of processor time, by this thread: what else runs on the machine is not in it. */
function microsecondsUsed(): number {
  const { user, system } = process.threadCpuUsage();
  return user + system;
}

function microsecondsToCompile(count: number): number {
  return timed(policyTwins(count), (twin) => compiled(twin));
}

/** With what all policies of a capability share; each time a capability that was never seen. */
function microsecondsOfFirst(count: number): number {
  return timed(policyTwins(count), (twin, place) =>
    compiled(twin, {
      ...shape,
      visible: [...shape.visible, `column_${performance.now()}_${place}`.replace('.', '_')],
    }),
  );
}

function timed(twins: readonly PolicyTwin[], work: (twin: PolicyTwin, place: number) => unknown): number {
  const used = microsecondsUsed();
  for (const [place, twin] of twins.entries()) work(twin, place);
  return (microsecondsUsed() - used) / twins.length;
}

function never(): never {
  throw new RangeError('there are no such facts');
}
