import { readAhead } from '@countersign/durable-objects/tenant/storage/read';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { SOURCE } from '../../support/change-set.ts';
import { claimOne, propose, queueJob, report } from '../../support/flow.ts';
import { must } from '../../support/must.ts';
import { startTestPlane, type TestPlane } from '../../support/plane.ts';
import type { TestTenant } from '../../support/tenant.ts';

const HELD_BACK = 1_000_000;
/** Rows that one statement inserts: it must end well before D1 gives it up. */
const CHUNK = 50_000;
const QUEUED = 1_000;
/** A queued job is a row of the proposals and one of the ledger. */
const ROWS_A_JOB = 2;

let plane: TestPlane;
let tenant: TestTenant;
beforeAll(async () => {
  plane = await startTestPlane();
  tenant = await plane.tenant();
});
afterAll(() => plane.stop());

/** Puts copies of a proposal into a lane, with sequences that lie before all others. */
async function copy(proposalId: string, count: number, lane: string, firstSeq: number): Promise<void> {
  const [row] = await plane.query<Record<string, unknown>>(
    'SELECT * FROM proposals WHERE proposal_id = ?1',
    proposalId,
  );
  const columns = Object.keys(row ?? {});
  const values = columns.map((column) => {
    if (column === 'seq') return 'n.seq';
    if (column === 'proposal_id') return "'wrp_copy_' || n.seq";
    if (column === 'lane') return `'${lane}'`;
    return column === 'rank' ? '1000' : `p.${column}`;
  });
  for (let done = 0; done < count; done += CHUNK) {
    const from = firstSeq + done;
    const to = firstSeq + Math.min(count, done + CHUNK) - 1;
    await plane.query(
      `WITH RECURSIVE n (seq) AS (SELECT ${from} UNION ALL SELECT seq + 1 FROM n WHERE seq < ${to}) ` +
        `INSERT INTO proposals (${columns.join(', ')}) SELECT ${values.join(', ')} FROM n CROSS JOIN proposals p ` +
        'WHERE p.tenant = ?1 AND p.seq = ?2',
      tenant.project,
      Number(row?.seq),
    );
  }
}

let runners = 0;

/**
 * D1's count of the rows that leasing the next job reads, the object being awake. Each time it is a runner that the
 * object has not heard of: it must read, and cannot answer from what it remembers of the queue.
 */
async function rowsReadByClaim(): Promise<number> {
  runners += 1;
  const runner = { runner_id: `runner-${runners}` };
  const rowsRead = async () =>
    Number(Object(must(await tenant.vera.get('/v1/engine/health')).body.object).rowsRead);
  const before = await rowsRead();
  // No lease may run out while this goes on: the sweep would read what is held back.
  const job = await claimOne(tenant.runner, { ...runner, lease_seconds: 300 });
  const cost = (await rowsRead()) - before;
  must(await report(tenant.runner, job, runner));
  return cost;
}

test('a claim costs the same whatever is held back and however long the queue is', async () => {
  await queueJob(tenant);
  await rowsReadByClaim();
  await queueJob(tenant);
  const alone = await rowsReadByClaim();

  await copy(await propose(tenant.service), HELD_BACK, 'later', -HELD_BACK);
  await queueJob(tenant);
  const behindManyHeldBack = await rowsReadByClaim();

  await Promise.all(Array.from({ length: QUEUED }, () => queueJob(tenant)));
  const amongManyQueued = await rowsReadByClaim();

  console.log(
    `rows read by a claim: ${alone} alone, ${behindManyHeldBack} behind ${HELD_BACK}, ${amongManyQueued} of ${QUEUED}`,
  );
  // A scan that comes to the end of its queue looks at the entry behind it; one that does not has read ahead.
  expect(behindManyHeldBack).toBeLessThanOrEqual(alone + 1);
  expect(amongManyQueued).toBeLessThanOrEqual(alone + ROWS_A_JOB * readAhead(1));
  const { body } = must(
    await tenant.runner.post('/v1/writeback/jobs/claim', { source_id: SOURCE, runner_id: 'r', limit: 50 }),
  );
  expect(body.jobs).toHaveLength(50);
}, 240_000);
