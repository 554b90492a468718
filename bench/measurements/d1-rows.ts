import type { Bench, Measured } from '../support/bench.ts';
import { startBenchPlane } from '../support/bench-plane.ts';
import { type HttpConnection, withConnection, withConnections } from '../support/http-connection.ts';
import { lateFeeRequest } from '../support/late-fee-request.ts';
import type { PlaneCalls } from '../support/plane-calls.ts';
import { rounded } from '../support/statistics.ts';
import { valueLine } from '../support/table.ts';

const IN_FLIGHT = 10;
const LIFECYCLES = 100;

interface Rows {
  readonly read: number;
  /** With one for each time that the alarm was set. */
  readonly written: number;
}

/**
 * What one proposal costs on D1's bill from its submission to its result: propose and approve under a key, claim,
 * result. Alone every call has a turn of its own; with ten in flight several share one.
 */
export async function d1Rows(bench: Bench): Promise<Measured> {
  const { plane, origin, calls } = await startBenchPlane(bench);
  try {
    await rowsALifecycle(origin, calls, 1, 1);
    const alone = await rowsALifecycle(origin, calls, 1, LIFECYCLES);
    const together = await rowsALifecycle(origin, calls, IN_FLIGHT, LIFECYCLES);
    return {
      results: { d1_rows: { ...together, in_flight: IN_FLIGHT, alone } },
      lines: [
        valueLine('D1 rows written a lifecycle, alone', alone.written, '<= 17'),
        valueLine(`D1 rows written a lifecycle, ${IN_FLIGHT} in flight`, together.written, '<= 13'),
        valueLine('D1 rows read a lifecycle, alone', alone.read),
        valueLine(`D1 rows read a lifecycle, ${IN_FLIGHT} in flight`, together.read),
      ],
    };
  } finally {
    await plane.stop();
  }
}

async function rowsALifecycle(
  origin: URL,
  calls: PlaneCalls,
  inFlight: number,
  lifecycles: number,
): Promise<Rows> {
  const vitals = () => withConnection(origin, async (connection) => (await calls.health(connection)).object);
  const before = await vitals();
  await withConnections(origin, inFlight, (connections) =>
    Promise.all(
      connections.map(async (connection, lane) => {
        for (let count = 0; count < lifecycles / inFlight; count += 1) {
          await lifecycle(connection, calls, `INV-${lane}-${count}`);
        }
      }),
    ),
  );
  const after = await vitals();
  const written = after.rowsWritten + after.alarmsSet - before.rowsWritten - before.alarmsSet;
  return {
    read: rounded((after.rowsRead - before.rowsRead) / lifecycles),
    written: rounded(written / lifecycles),
  };
}

/** Claims whatever job comes first: with several in flight it may be another's, and another claims this one. */
async function lifecycle(connection: HttpConnection, calls: PlaneCalls, invoice: string): Promise<void> {
  const id = await calls.propose(connection, lateFeeRequest({ invoice, version: 1, from: 5_500, to: 0 }));
  await calls.approve(connection, id);
  const [job] = await calls.claim(connection, { limit: 1 });
  if (job === undefined) throw new Error('the approved job could not be claimed');
  await calls.report(connection, job);
}
