import { env } from 'cloudflare:workers';
import type { Means, SqlDatabase } from '@countersign/provisioner/means';
import { runSaga } from '@countersign/provisioner/saga/run-saga';
import { newSaga, type Saga } from '@countersign/provisioner/saga/saga';
import { allSteps } from '@countersign/provisioner/steps/all-steps';
import { expect, test } from 'vitest';

const TENANTS = 60;
/** Compared with the last as many. */
const FIRST = 10;
/** So that what an owner has, which is counted, is the same for all. */
const OWNERS = TENANTS;

interface Cost {
  readonly batches: number;
  readonly rowsRead: number;
  readonly rowsWritten: number;
}

/** What is asked of D1, by D1's own word. */
class Counted implements SqlDatabase {
  batches = 0;
  rowsRead = 0;
  rowsWritten = 0;

  async batch(statements: Parameters<SqlDatabase['batch']>[0]) {
    const prepared = statements.map(({ params, sql }) => env.DB.prepare(sql).bind(...params));
    const results = await env.DB.batch<Record<string, unknown>>(prepared);
    this.batches += 1;
    this.rowsRead += results.reduce((sum, { meta }) => sum + meta.rows_read, 0);
    this.rowsWritten += results.reduce((sum, { meta }) => sum + meta.rows_written, 0);
    return results.map((result) => result.results);
  }
}

async function provision(place: number): Promise<{ readonly saga: Saga; readonly cost: Cost }> {
  const database = new Counted();
  const means: Means = {
    directory: database,
    shard: () => database,
    shards: [{ binding: 'DB', most: 1_000 }],
    tenantsPerOwner: 1,
    hostedRunners: undefined,
    macKey: 'mk_1',
    tokenOf: () => 'nobody hosts a runner here',
  };
  const name = String(place).padStart(4, '0');
  const ids = { saga_id: `prv_${name}`, tenant: `prj_${name}`, nonce: `nonce of ${name}` };
  const wish = { label: `tenant-${name}`, sources: [] };
  const owner = { person: `https://issuer.example owner-${place % OWNERS}` };
  const host = {
    steps: allSteps(means),
    store: async () => undefined,
    now: () => Date.now(),
    random: () => 0.5,
    fault: (fault: unknown) => {
      throw fault;
    },
  };
  const saga = await runSaga(host, newSaga({ ...ids, owner, wish, begunAt: Date.now() }));
  const { batches, rowsRead, rowsWritten } = database;
  return { saga, cost: { batches, rowsRead, rowsWritten } };
}

test('another tenant costs the same, in queries and rows of D1, however many there are', async () => {
  const all: Awaited<ReturnType<typeof provision>>[] = [];
  while (all.length < TENANTS) all.push(await provision(all.length));
  for (const { saga } of all) {
    expect(saga.state).toBe('done');
    expect(saga.steps.filter(({ state }) => state !== 'done')).toEqual([]);
  }
  // The first makes the count of its shard.
  const costs = all.slice(1).map(({ cost }) => cost);
  expect(costs.slice(-FIRST)).toEqual(costs.slice(0, FIRST));
});
