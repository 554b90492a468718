import { ROWS_PER_WRITE } from '../limits/limit-rows.ts';
import type { Bench, Measured } from '../support/bench.ts';
import { type BenchPlane, startBenchPlane, startLimits } from '../support/bench-plane.ts';
import { HttpConnection, openConnections } from '../support/http-connection.ts';
import { operationsPerSecond } from '../support/load.ts';
import { interleaved, ratios } from '../support/rounds.ts';
import { spreadOf } from '../support/statistics.ts';
import { TransitionMix } from '../support/transition-mix.ts';

const CONNECTIONS = 64;
const WARM_UP_MS = { quick: 1_000, full: 2_000 } as const;
const ROUND_MS = { quick: 1_000, full: 2_500 } as const;

/**
 * How much of what D1 can take the control plane makes use of: transitions per second on one tenant through the
 * real Worker, against group-committed writes of bare rows on the same workerd, and against calls that do nothing.
 */
export async function controlPlaneVsD1(bench: Bench): Promise<Measured> {
  const product = await startBenchPlane(bench);
  const limits = await startLimits(bench);
  try {
    const loads = {
      ...(await limitLoads(limits.origin)),
      claims_of_1: await transitions(product, 1),
      claims_of_10: await transitions(product, 10),
    };
    const length = bench.isQuick ? 'quick' : 'full';
    for (const load of Object.values(loads)) await load(WARM_UP_MS[length]);
    const rates = await interleaved(bench.rounds, {
      d1: () => loads.d1(ROUND_MS[length]),
      claims_of_1: () => loads.claims_of_1(ROUND_MS[length]),
      claims_of_10: () => loads.claims_of_10(ROUND_MS[length]),
      rpc: () => loads.rpc(ROUND_MS[length]),
    });
    return measured(rates);
  } finally {
    await product.plane.stop();
    await limits.plane.stop();
  }
}

type Load = (milliseconds: number) => Promise<number>;

async function limitLoads(origin: URL): Promise<{ d1: Load; rpc: Load }> {
  const connections = await openConnections(origin, CONNECTIONS);
  const get = (path: string) => {
    const head = `GET ${path} HTTP/1.1\r\nhost: ${origin.host}\r\n`;
    return async (connection: HttpConnection) => {
      const { status, body } = await connection.send(head, '');
      if (status !== 200) throw new Error(`${path} answered ${status}: ${body}`);
      return 1;
    };
  };
  return {
    d1: (milliseconds) => operationsPerSecond(connections, milliseconds, get('/write')),
    rpc: (milliseconds) => operationsPerSecond(connections, milliseconds, get('/noop')),
  };
}

async function transitions({ origin, calls }: BenchPlane, claimLimit: number): Promise<Load> {
  const connections = await openConnections(origin, CONNECTIONS);
  const mix = new TransitionMix(calls, claimLimit);
  return (milliseconds) => operationsPerSecond(connections, milliseconds, (connection) => mix.step(connection));
}

function measured(rates: Record<'d1' | 'rpc' | 'claims_of_1' | 'claims_of_10', number[]>): Measured {
  const [one, ten, d1, rpc] = [rates.claims_of_1, rates.claims_of_10, rates.d1, rates.rpc].map(spreadOf);
  return { results: { control_plane_vs_d1: {rates} as never }, lines: [] };
}
