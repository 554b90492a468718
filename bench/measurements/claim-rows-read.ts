import { addHeldBack, addQueued } from '../support/backlog.ts';
import type { Bench, Measured } from '../support/bench.ts';
import { startBenchPlane } from '../support/bench-plane.ts';
import { type HttpConnection, withConnection } from '../support/http-connection.ts';
import { lateFeeRequest } from '../support/late-fee-request.ts';
import type { PlaneCalls } from '../support/plane-calls.ts';
import { median, rounded } from '../support/statistics.ts';
import { valueLine } from '../support/table.ts';

const SMALL = 1_000;
const LARGE = 100_000;
const HELD_BACK = 1_000_000;
const CLAIMS = 11;
const LIMITS = [1, 10] as const;

/** What a claim costs, by what lies behind and before the jobs that it gets: rows that D1 read, from its own count. */
export async function claimRowsRead(bench: Bench): Promise<Measured> {
  const { plane, origin, calls } = await startBenchPlane(bench);
  try {
    const backlogs: Record<string, Claims> = {};
    const claims = () => withConnection(origin, (connection) => costOfClaims(calls, connection));
    await withConnection(origin, (connection) => queueOne(calls, connection));
    await addQueued(plane, SMALL - 1);
    backlogs[SMALL] = await claims();
    await addQueued(plane, LARGE - SMALL);
    backlogs[LARGE] = await claims();
    if (!bench.isQuick) {
      await addHeldBack(plane, HELD_BACK);
      backlogs[`${HELD_BACK}_held_back`] = await claims();
    }
    return {
      results: { claim_rows_read: backlogs },
      lines: Object.entries(backlogs).flatMap(([backlog, { rows_by_limit, ms_by_limit }]) =>
        LIMITS.flatMap((limit) => [
          valueLine(
            `D1 rows read by a claim of ${limit}, backlog ${backlog}`,
            rows_by_limit[limit] ?? 0,
            'flat',
          ),
          valueLine(`  milliseconds`, ms_by_limit[limit] ?? 0),
        ]),
      ),
    };
  } finally {
    await plane.stop();
  }
}

interface Claims {
  readonly rows_by_limit: Readonly<Record<number, number>>;
  readonly ms_by_limit: Readonly<Record<number, number>>;
}

async function queueOne(calls: PlaneCalls, connection: HttpConnection): Promise<void> {
  const request = lateFeeRequest({ invoice: 'INV-1', version: 1, from: 5_500, to: 0 });
  await calls.approve(connection, await calls.propose(connection, request));
}

async function costOfClaims(calls: PlaneCalls, connection: HttpConnection): Promise<Claims> {
  const rows_by_limit: Record<number, number> = {};
  const ms_by_limit: Record<number, number> = {};
  for (const limit of LIMITS) {
    const costs: { rows: number; ms: number }[] = [];
    for (let count = 0; count < CLAIMS; count += 1) costs.push(await claim(calls, connection, limit));
    rows_by_limit[limit] = median(costs.map(({ rows }) => rows));
    ms_by_limit[limit] = rounded(median(costs.map(({ ms }) => ms)));
  }
  return { rows_by_limit, ms_by_limit };
}

async function claim(calls: PlaneCalls, connection: HttpConnection, limit: number) {
  const before = (await calls.health(connection)).object;
  const sentAt = performance.now();
  const jobs = await calls.claim(connection, { limit, lease_seconds: 600 });
  const ms = performance.now() - sentAt;
  const after = (await calls.health(connection)).object;
  if (jobs.length !== limit) throw new Error(`a claim got ${jobs.length} of ${limit} jobs`);
  return { rows: after.rowsRead - before.rowsRead, ms };
}
