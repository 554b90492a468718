import { sampleInsert, sampleSet } from '@countersign/protocol/change-set/sample-change-sets';
import { resultRequestSchema } from '@countersign/protocol/job-requests';
import { receiptHash } from '@countersign/runner/databases/receipt';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { testEngines } from '../../support/engines.ts';
import { FakeControlPlane } from '../../support/fake-control-plane.ts';
import {
  changeSetOf,
  claimedOf,
  labels,
  membersOf,
  parcels,
  parcelsIn,
  parcelsSql,
  UNTOUCHED,
} from './support/parcels.ts';
import { type RunnerOptions, ShopRunners } from './support/shop-runner.ts';
import { useShop } from './support/use-shop.ts';

let runners: ShopRunners;

beforeAll(async () => {
  runners = await ShopRunners.create();
});
afterAll(() => runners.remove());

describe.each(await testEngines())('$name:', (engine) => {
  const shop = useShop(engine, parcelsSql);
  let plane: FakeControlPlane;

  beforeEach(async () => {
    plane = await FakeControlPlane.start();
  });
  afterEach(async () => {
    await runners.kill();
    await plane.stop();
  });

  const JOB = 'wbj_wrp_s';
  const HASH = receiptHash(JOB, 'applied', undefined);
  const DONE = ['acme P-1 8 0 held', 'acme P-2 8 0 held', ...UNTOUCHED.slice(2)];
  const sample = sampleSet('wrp_s', 'set_update', membersOf('set_update', ['P-1', 'P-2']));

  /** The set's job, as it is handed out for the nth time. */
  const claimed = (attempt: number) =>
    claimedOf(changeSetOf(shop, sample), {
      sourceId: 'src_shop',
      lease: {
        lease_id: `lse_s${attempt}`,
        attempt,
        expires_at: new Date(Date.now() + 60_000).toISOString(),
      },
    });

  async function start(options: RunnerOptions = {}) {
    const runner = await runners.start(shop, plane, {
      tables: { parcels, labels },
      alias: 'main_db',
      ...options,
    });
    await runner.logged('ready');
    return runner;
  }

  test('a set and an added row are written, and told in the version of their jobs', async () => {
    await start();
    plane.queueRaw(claimed(1));
    plane.queueRaw(claimedOf(changeSetOf(shop, sampleInsert('wrp_new'))));
    await plane.until(() => plane.results.length === 2);
    const told = plane.results.map((result) => resultRequestSchema.parse(result));
    expect(told.find(({ job_id }) => job_id === JOB)).toMatchObject({
      protocol_version: '3.0',
      status: 'applied',
      operation: 'set_update',
      receipt_authority: 'source_db',
      affected_rows: 2,
      set_digest: Object(sample.frozen_set).set_digest,
      target_identities: [
        { column: 'id', value: 'P-1' },
        { column: 'id', value: 'P-2' },
      ],
      member_effects: [
        {
          primary_key: { value: 'P-1' },
          before_digest: expect.any(String),
          after_digest: expect.any(String),
        },
        { primary_key: { value: 'P-2' } },
      ],
      result_hash: HASH,
    });
    expect(told.find(({ job_id }) => job_id !== JOB)).toMatchObject({
      protocol_version: '2.0',
      status: 'applied',
      operation: 'single_row_insert',
      affected_rows: 1,
      target_identity: [{ column: 'id', value: 'wrp_new' }],
      result_version: '1',
    });
    expect(await parcelsIn(shop)).toEqual([
      ...DONE.slice(0, 2),
      'acme P-3 7 900 held',
      'acme wrp_new 1 250 new',
      'globex P-1 7 900 held',
    ]);
  });

  test.each(['before_write', 'in_transaction'])(
    'killed at %s, nothing is written, and another runner writes it',
    async (place) => {
      const killed = await start({ failpoint: `${place}:kill` });
      plane.queueRaw(claimed(1));
      await killed.exit();
      expect(await parcelsIn(shop)).toEqual(UNTOUCHED);
      expect(await shop.receipts()).toEqual([]);
      await start({ id: 'runner-2' });
      plane.queueRaw(claimed(2));
      await plane.until(() => plane.results.length === 1);
      expect(plane.results).toMatchObject([{ status: 'applied', result_hash: HASH, affected_rows: 2 }]);
      expect(await parcelsIn(shop)).toEqual(DONE);
    },
  );

  test('killed after its commit, the next attempt finds the receipt', async () => {
    const killed = await start({ failpoint: 'after_commit:kill' });
    plane.queueRaw(claimed(1));
    await killed.exit();
    expect(await parcelsIn(shop)).toEqual(DONE);
    await start({ id: 'runner-2' });
    plane.queueRaw(claimed(2));
    await plane.until(() => plane.results.length === 1);
    expect(plane.results).toMatchObject([{ status: 'already_applied', result_hash: HASH, affected_rows: 0 }]);
    expect(await parcelsIn(shop)).toEqual(DONE);
  });

  test('a dry run gives the job back, and leaves nothing', async () => {
    const runner = await start({ mode: 'dry_run' });
    plane.queueRaw(claimed(1));
    expect(await runner.logged('job_rehearsed')).toMatchObject({ would_be: 'applied' });
    expect(await parcelsIn(shop)).toEqual(UNTOUCHED);
    expect(await shop.receipts()).toEqual([]);
  });
});
