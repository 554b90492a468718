import { ROWS_PER_WRITE } from '../limits/limit-rows.ts';
import type { Bench, Measured } from '../support/bench.ts';
import { startBenchPlane, startLimits } from '../support/bench-plane.ts';
import { askLimit } from '../support/limit-calls.ts';
import { operationsPerSecond } from '../support/load.ts';
import { interleaved, ratios } from '../support/rounds.ts';
import { spreadOf } from '../support/statistics.ts';
import { spreadLine } from '../support/table.ts';
import { TransitionMix } from '../support/transition-mix.ts';

const CONNECTIONS = 64;
const WARM_UP_MS = { quick: 1_000, full: 1_500 } as const;
const ROUND_MS = { quick: 1_000, full: 1_500 } as const;

type Rates = Record<'d1' | 'one' | 'ten' | 'rpc', number[]>;

/**
 * How much of what D1 can take the control plane makes use of: transitions per second on one tenant through the
 * real Worker, against group-committed writes of bare rows on the same workerd, and against calls that do nothing.
 */
export async function controlPlaneVsD1(bench: Bench): Promise<Measured> {
  const product = await startBenchPlane(bench);
  const limits = await startLimits(bench);
  try {
    const mixes = { one: new TransitionMix(product.calls, 1), ten: new TransitionMix(product.calls, 10) };
    const limit = (path: '/write' | '/noop', milliseconds: number) =>
      operationsPerSecond(
        { origin: limits.origin, connections: CONNECTIONS, milliseconds },
        async (connection) => {
          await askLimit(connection, path);
          return 1;
        },
      );
    const transitions = (mix: TransitionMix, milliseconds: number) =>
      operationsPerSecond({ origin: product.origin, connections: CONNECTIONS, milliseconds }, (connection) =>
        mix.step(connection),
      );
    const parts = (milliseconds: number) => ({
      d1: () => limit('/write', milliseconds),
      one: () => transitions(mixes.one, milliseconds),
      ten: () => transitions(mixes.ten, milliseconds),
      rpc: () => limit('/noop', milliseconds),
    });
    const length = bench.isQuick ? 'quick' : 'full';
    await interleaved(1, parts(WARM_UP_MS[length]));
    return measured(await interleaved(bench.rounds, parts(ROUND_MS[length])));
  } finally {
    await product.plane.stop();
    await limits.plane.stop();
  }
}

function measured({ one, ten, d1, rpc }: Rates): Measured {
  const rates = { one: spreadOf(one), ten: spreadOf(ten), d1: spreadOf(d1), rpc: spreadOf(rpc) };
  const vsD1 = { one: spreadOf(ratios(one, d1)), ten: spreadOf(ratios(ten, d1)) };
  const vsRpc = { one: spreadOf(ratios(one, rpc)), ten: spreadOf(ratios(ten, rpc)) };
  const result = (claims: 'one' | 'ten') => ({
    transitions_per_second: rates[claims],
    ratio_to_d1: vsD1[claims],
    ratio_to_rpc: vsRpc[claims],
  });
  return {
    results: {
      control_plane_vs_d1: {
        ratio: vsD1.one.median,
        connections: CONNECTIONS,
        claims_of_1: result('one'),
        claims_of_10: result('ten'),
        d1_group_commit: { operations_per_second: rates.d1, rows_per_operation: ROWS_PER_WRITE },
        rpc_noop: { calls_per_second: rates.rpc },
      },
    },
    lines: [
      spreadLine('transitions/s, claims of 1', rates.one),
      spreadLine('transitions/s, claims of 10', rates.ten),
      spreadLine(`bare D1 writes/s, ${ROWS_PER_WRITE} rows each, grouped`, rates.d1),
      spreadLine('calls to a Durable Object/s, nothing done', rates.rpc),
      spreadLine('control plane / bare D1, claims of 1', vsD1.one, '>= 0.60'),
      spreadLine('control plane / bare D1, claims of 10', vsD1.ten, '>= 0.60'),
      spreadLine('control plane / bare calls, claims of 1', vsRpc.one, '>= 0.45'),
    ],
  };
}
