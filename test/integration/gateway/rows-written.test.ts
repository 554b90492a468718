import { beforeAll, describe, expect, test } from 'vitest';
import { proposal, SOURCE } from '../../support/change-set.ts';
import { APPLIED } from '../../support/flow.ts';
import { must } from '../../support/must.ts';
import { type SharedPlane, sharedPlane } from '../../support/shared-planes.ts';
import type { Client, TestTenant } from '../../support/tenant.ts';

/** Rows written, alarms included, that one change may cost from proposal to result. */
const MOST_ALONE = 17;
const MOST_WITH_TEN_IN_FLIGHT = 13;
const MOST_ROUNDS = 3;

let plane: SharedPlane;
beforeAll(async () => {
  plane = await sharedPlane();
});

interface Cost {
  readonly rowsWritten: number;
  readonly alarmsSet: number;
  readonly rowsRead: number;
}

async function tally(tenant: TestTenant): Promise<Cost> {
  const { rowsWritten, alarmsSet, rowsRead } = Object(
    must(await tenant.vera.get('/v1/engine/health')).body.object,
  );
  return { rowsWritten, alarmsSet, rowsRead };
}

let keys = 0;
function keyed(client: Client, path: string, body: unknown = {}) {
  keys += 1;
  return client.post(path, body, { headers: { 'idempotency-key': `key-${keys}` } });
}

/** One keyed call each of propose, approve, claim and result. */
async function lifecycle(tenant: TestTenant, runnerId: string): Promise<void> {
  const { proposal_id } = must(await keyed(tenant.service, '/v1/proposals', proposal())).body;
  must(await keyed(tenant.ada, `/v1/proposals/${proposal_id}/approve`));
  const claim = { source_id: SOURCE, runner_id: runnerId, limit: 1 };
  const [job] = must(await keyed(tenant.runner, '/v1/writeback/jobs/claim', claim)).body.jobs ?? [];
  if (job === undefined) throw new TypeError('there was no job to lease');
  const result = {
    protocol_version: '1.0',
    job_id: job.job_id,
    runner_id: runnerId,
    lease_id: job.lease_id,
    ...APPLIED,
  };
  must(await keyed(tenant.runner, `/v1/writeback/jobs/${job.job_id}/result`, result));
}

/** What it costs, for each of `count` lifecycles, when so many run side by side. */
async function costOf(
  tenant: TestTenant,
  count: number,
  inFlight: number,
): Promise<{ written: number; read: number }> {
  const before = await tally(tenant);
  let left = count;
  await Promise.all(
    Array.from({ length: inFlight }, async (_, at) => {
      while (left > 0) {
        left -= 1;
        await lifecycle(tenant, `runner-${at}`);
      }
    }),
  );
  const after = await tally(tenant);
  const written = after.rowsWritten - before.rowsWritten + (after.alarmsSet - before.alarmsSet);
  return { written: written / count, read: (after.rowsRead - before.rowsRead) / count };
}

describe('the rows that a change writes from proposal to result', () => {
  test(`are ${MOST_ALONE} or fewer when it is alone`, async () => {
    const tenant = await plane.tenant();
    await lifecycle(tenant, 'runner-1');
    const { written, read } = await costOf(tenant, 20, 1);
    console.log(`alone: ${written} rows written, ${read} read`);
    expect(written).toBeLessThanOrEqual(MOST_ALONE);
  });

  test(`are ${MOST_WITH_TEN_IN_FLIGHT} or fewer with ten in flight`, async () => {
    const tenant = await plane.tenant();
    await lifecycle(tenant, 'runner-1');
    // How many share a turn depends on how many arrive in time: on a machine busy with other things that varies.
    const rounds: number[] = [];
    while (rounds.length < MOST_ROUNDS && !(Math.min(...rounds) <= MOST_WITH_TEN_IN_FLIGHT)) {
      const { written, read } = await costOf(tenant, 100, 10);
      console.log(`ten in flight: ${written} rows written, ${read} read`);
      rounds.push(written);
    }
    expect(Math.min(...rounds)).toBeLessThanOrEqual(MOST_WITH_TEN_IN_FLIGHT);
  });

  test('none at all for a claim that finds nothing, and for reading', async () => {
    const tenant = await plane.tenant();
    await lifecycle(tenant, 'runner-1');
    const before = await tally(tenant);
    for (let time = 0; time < 5; time += 1) {
      must(
        await tenant.runner.post('/v1/writeback/jobs/claim', { source_id: SOURCE, runner_id: 'runner-1' }),
      );
      must(await tenant.agent.get('/v1/proposals'));
    }
    const after = await tally(tenant);
    expect([after.rowsWritten, after.alarmsSet]).toEqual([before.rowsWritten, before.alarmsSet]);
  });
});
