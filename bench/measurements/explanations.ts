import type { Bench, Measured } from '../support/bench.ts';
import { startBenchPlane } from '../support/bench-plane.ts';
import { createGovernedTenant } from '../support/governed-tenant.ts';
import { withConnection } from '../support/http-connection.ts';
import { getJson } from '../support/json-call.ts';
import { interleaved, ratios, samples } from '../support/rounds.ts';
import { runOfSteps } from '../support/run-of-steps.ts';
import { percentile, spreadOf } from '../support/statistics.ts';
import { spreadLine, valueLine } from '../support/table.ts';

const STEPS = { quick: 100, full: 1_000 } as const;
const SAMPLES = { quick: 10, full: 50 } as const;
const FEW_STEPS = 10;

interface Explained {
  readonly chapters: readonly unknown[];
}

/** Explaining a long run in words, and reading it, against reading a short one. */
export async function explanations(bench: Bench): Promise<Measured> {
  const length = bench.isQuick ? 'quick' : 'full';
  const steps = STEPS[length];
  const { origin, plane } = await startBenchPlane(bench);
  try {
    const { calls, tenant } = await createGovernedTenant(bench, plane, origin);
    return await withConnection(origin, async (connection) => {
      const long = await runOfSteps(calls, connection, steps);
      const short = await runOfSteps(calls, connection, FEW_STEPS);
      const asking = { host: origin.host, token: bench.issuer.approverToken };
      const timed = (path: string, isWhole: (body: Explained) => boolean) => () =>
        samples(SAMPLES[length], async () => {
          const begunAt = performance.now();
          const body = await getJson<Explained>(connection, asking, `${path}?project_id=${tenant}`);
          if (!isWhole(body)) throw new Error(`${path} is not whole`);
          return performance.now() - begunAt;
        });
      const parts = {
        explain: timed(`/v1/runs/${long}/explain`, ({ chapters }) => chapters.length > steps),
        read: timed(`/v1/runs/${long}`, () => true),
        short: timed(`/v1/runs/${short}`, () => true),
      };
      await interleaved(1, parts);
      return measured(steps, await interleaved(bench.rounds, parts));
    });
  } finally {
    await plane.stop();
  }
}

type Part = 'explain' | 'read' | 'short';

function measured(steps: number, times: Record<Part, readonly (readonly number[])[]>): Measured {
  const at = (what: Part, share: number) => times[what].map((round) => percentile(round, share));
  const of = (what: Part) => ({
    ms: { p50: spreadOf(at(what, 0.5)), p99: spreadOf(at(what, 0.99)) },
    ratio: spreadOf(ratios(at(what, 0.5), at('short', 0.5))),
  });
  const { explain, read, short } = { explain: of('explain'), read: of('read'), short: of('short') };
  return {
    results: { explanations: { ratio: explain.ratio.median, steps, explain, read, short } },
    lines: [
      valueLine('steps of the run', steps),
      spreadLine('explaining it, ms (p50)', explain.ms.p50),
      spreadLine('  p99', explain.ms.p99),
      spreadLine(`  / reading a run of ${FEW_STEPS} steps, p50`, explain.ratio),
      spreadLine('reading it, ms (p50)', read.ms.p50),
      spreadLine(`  / reading a run of ${FEW_STEPS} steps, p50`, read.ratio),
      spreadLine(`reading a run of ${FEW_STEPS} steps, ms (p50)`, short.ms.p50),
    ],
  };
}
