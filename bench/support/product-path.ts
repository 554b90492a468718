import type { BenchPlane } from './bench-plane.ts';
import type { PostgresAddress } from './durable-postgres.ts';
import { type InvoiceWrite, invoiceWrite } from './guarded-write.ts';
import { type HttpConnection, withConnections } from './http-connection.ts';
import { lateFeeRequest } from './late-fee-request.ts';
import { TENANT } from './names.ts';
import { until } from './rounds.ts';
import { type RunnerSettings, startRunner } from './runner-process.ts';

/** Agents and approvers at work at once. */
const CLIENTS = 64;
/** Seldom enough that looking costs nothing that shows. */
const LOOK_EVERY_MS = 10;

/** The most that one runner is made for, as the peers are tuned for throughput. */
export const RUNNER: Required<RunnerSettings> = { lanes: 50, connections: 16 };

/** The jobs of a round: each another row, at the version that all have at first. */
export function jobsOf(count: number): readonly InvoiceWrite[] {
  return Array.from({ length: count }, (_, place) => invoiceWrite(0, 1, place));
}

/** Proposals by the whole way, with a runner that waits; returns seconds from the first request until all are applied. */
export async function wholePath(
  product: BenchPlane,
  postgres: PostgresAddress,
  jobs: readonly InvoiceWrite[],
): Promise<number> {
  const runner = await startRunner(product.jobs, postgres, RUNNER);
  try {
    const startedAt = performance.now();
    await proposeAndApprove(product, jobs);
    await settled(product);
    return (performance.now() - startedAt) / 1_000;
  } finally {
    await runner.stop();
  }
}

/** The part that a queue has too: everything is approved beforehand. Returns seconds since the runner was ready. */
export async function drainOnly(
  product: BenchPlane,
  postgres: PostgresAddress,
  jobs: readonly InvoiceWrite[],
): Promise<number> {
  await proposeAndApprove(product, jobs);
  const runner = await startRunner(product.jobs, postgres, RUNNER);
  try {
    const startedAt = performance.now();
    await settled(product);
    return (performance.now() - startedAt) / 1_000;
  } finally {
    await runner.stop();
  }
}

/** Throws unless the ledger's side, too, has so many proposals, all of them applied. */
export async function checkApplied({ plane }: BenchPlane, count: number): Promise<void> {
  const rows = await plane.query<{ state: string; count: number }>(
    'SELECT state, count(*) AS count FROM proposals WHERE tenant = ?1 GROUP BY state',
    TENANT,
  );
  const isSo = rows.length === 1 && rows[0]?.state === 'applied' && rows[0].count === count;
  if (!isSo) throw new Error(`${count} proposals should be applied, and are ${JSON.stringify(rows)}`);
}

function proposeAndApprove({ origin, calls }: BenchPlane, jobs: readonly InvoiceWrite[]): Promise<void> {
  const left = [...jobs].reverse();
  const work = async (connection: HttpConnection) => {
    for (let job = left.pop(); job !== undefined; job = left.pop()) {
      const { invoice, version } = job;
      const id = await calls.propose(connection, lateFeeRequest({ invoice, version, from: 5_500, to: 0 }));
      await calls.approve(connection, id);
    }
  };
  return withConnections(origin, CLIENTS, async (connections) => {
    await Promise.all(connections.map(work));
  });
}

/** Waits until no proposal waits for anything: one row tells, whatever their number. */
function settled({ plane }: BenchPlane): Promise<void> {
  const isSettled = async () => {
    const [head] = await plane.query<{ waiting: number }>(WAITING_SQL, TENANT);
    return head?.waiting === 0;
  };
  return until('all proposals are settled', isSettled, LOOK_EVERY_MS);
}

const WAITING_SQL = `SELECT (SELECT coalesce(sum(value), 0) FROM json_each(heads.counters)) AS waiting
FROM heads WHERE tenant = ?1`;
