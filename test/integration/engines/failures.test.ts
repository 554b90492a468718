import { setTimeout as sleep } from 'node:timers/promises';
import { receiptHash } from '@countersign/runner/databases/receipt';
import { sampleJob } from '@countersign/runner/verify/sample-job';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { testEngines } from '../../support/engines.ts';
import { eventually } from '../../support/eventually.ts';
import { FakeControlPlane } from '../../support/fake-control-plane.ts';
import type { RunnerProcess } from '../../support/runner-process.ts';
import { TcpProxy } from '../../support/tcp-proxy.ts';
import { jobOf, type RunnerOptions, ShopRunners } from './support/shop-runner.ts';
import { useShopAlone } from './support/use-shop.ts';

let runners: ShopRunners;

beforeAll(async () => {
  runners = await ShopRunners.create();
});
afterAll(() => runners.remove());

describe.each(await testEngines())('$name:', (engine) => {
  const shop = useShopAlone(engine);
  let plane: FakeControlPlane;

  beforeEach(async () => {
    plane = await FakeControlPlane.start();
  });
  afterEach(async () => {
    await runners.kill();
    await plane.stop();
  });

  const HASH = receiptHash(sampleJob.writeback_job_id, 'applied', '8');
  const COUNTS = `SELECT version, late_fee_cents, (SELECT count(*) FROM countersign_receipts WHERE status = 'applied') AS receipts
    FROM invoices WHERE id = 'INV-1' AND tenant_id = 'acme'`;
  const untouched = { version: '7', late_fee_cents: '5500', receipts: '0' };
  const changed = { version: '8', late_fee_cents: '0', receipts: '1' };

  async function state() {
    const [row] = await shop.rows(COUNTS);
    return { ...row };
  }

  const untilCommitted = () => eventually(state, ({ receipts }) => receipts === '1');

  async function startReady(options?: RunnerOptions): Promise<RunnerProcess> {
    const runner = await runners.start(shop, plane, options);
    await runner.logged('ready');
    return runner;
  }

  /** A runner that has done something else already, so that its next write is one trip. */
  async function startWarm(options: RunnerOptions): Promise<void> {
    await startReady({ ...options, lanes: 1 });
    const key = { column: 'id', value: 'INV-404' };
    const { target } = jobOf(shop);
    plane.queue(
      jobOf(shop, {
        writeback_job_id: 'wbj_warm',
        proposal_id: 'wrp_warm',
        idempotency_key: 'warm',
        target: { ...target, primary_key: key },
      }),
    );
    await plane.until(() => plane.resultsOf('wbj_warm').length > 0);
  }

  /** A runner whose write stands before a lock, and what lets it go. */
  async function blocked(options?: RunnerOptions) {
    const blocker = await shop.blocker();
    const runner = await startReady(options);
    plane.queue(jobOf(shop));
    await shop.untilBlocked(1);
    return { runner, letGo: () => blocker.query('ROLLBACK') };
  }

  /** The first result, and whatever else was reported of the job with it. */
  async function results(count = 1) {
    const ofJob = () => plane.resultsOf(sampleJob.writeback_job_id);
    await plane.until(() => ofJob().length >= count);
    return ofJob().map((result) => ({
      status: result.status,
      result_hash: result.result_hash,
      result_version: 'result_version' in result ? result.result_version : undefined,
    }));
  }

  const told = (status: 'applied' | 'already_applied') => ({
    status,
    result_hash: HASH,
    result_version: '8',
  });

  describe('a runner that is killed', () => {
    test.each(['before_write', 'in_transaction'])(
      'before its commit (%s) wrote nothing, and another attempt applies it',
      async (name) => {
        plane.queue(jobOf(shop));
        const broken = await runners.start(shop, plane, { failpoint: `${name}:kill` });
        expect(await broken.exit()).toBe('SIGKILL');
        expect(await state()).toEqual(untouched);
        expect(plane.results).toEqual([]);
        plane.expireLeases();
        await startReady();
        expect(await results()).toEqual([told('applied')]);
        expect(await state()).toEqual(changed);
      },
    );

    test.each(['after_commit', 'before_report'])(
      'after its commit and before it reported (%s) has its receipt found by the next attempt',
      async (name) => {
        plane.queue(jobOf(shop));
        const broken = await runners.start(shop, plane, { failpoint: `${name}:kill` });
        expect(await broken.exit()).toBe('SIGKILL');
        expect(await state()).toEqual(changed);
        expect(plane.results).toEqual([]);
        plane.expireLeases();
        await startReady();
        expect(await results()).toEqual([told('already_applied')]);
        expect(await state()).toEqual(changed);
        expect(await shop.rows('SELECT result_hash FROM countersign_receipts')).toEqual([
          { result_hash: HASH },
        ]);
      },
    );

    test('while its statement runs has written all of it or nothing', async () => {
      const { runner, letGo } = await blocked();
      runner.process.kill('SIGKILL');
      await runner.exit();
      await letGo();
      const after = await eventually(state, ({ version }) => version === '7' || version === '8');
      expect([untouched, changed]).toContainEqual(after);
      plane.expireLeases();
      await startReady();
      expect([[told('applied')], [told('already_applied')]]).toContainEqual(await results());
      expect(await state()).toEqual(changed);
    });
  });

  describe('a connection that breaks during the commit', () => {
    test('after the server had it, before its answer, is looked into on a fresh one: applied', async () => {
      const { proxy, url } = await shop.proxied();
      await startWarm({ databaseUrl: url });
      proxy.mute(true);
      plane.queue(jobOf(shop));
      await untilCommitted();
      proxy.mute(false);
      proxy.cut();
      expect(await results()).toEqual([told('already_applied')]);
      expect(await state()).toEqual(changed);
    });

    test('before the server had it is tried again under the same key', async () => {
      const { proxy, url } = await shop.proxied();
      await startWarm({ databaseUrl: url });
      const before = proxy.sent.length;
      proxy.hold(true);
      plane.queue(jobOf(shop));
      await eventually(
        async () => proxy.sent.length,
        (length) => length > before,
      );
      expect(await state()).toEqual(untouched);
      proxy.hold(false);
      proxy.cut();
      expect(await results()).toEqual([told('applied')]);
      expect(await state()).toEqual(changed);
    });
  });

  describe('a lease', () => {
    test('that expires while its write runs does not undo it: the late result is the truth', async () => {
      const { letGo } = await blocked();
      plane.isPaused = true;
      plane.refusesRenewals = true;
      plane.expireLeases();
      await letGo();
      expect(await results()).toEqual([told('applied')]);
      expect(await state()).toEqual(changed);
    });

    test('of one job held by two runners lets one commit, and both report the same', async () => {
      const { letGo } = await blocked({ lanes: 1 });
      const claimed = plane.count('claim');
      await startReady({ id: 'runner-2', lanes: 1 });
      await plane.until(() => plane.count('claim') > claimed);
      plane.expireLeases();
      await shop.untilBlocked(2);
      await letGo();
      const reported = await results(2);
      expect(reported).toHaveLength(2);
      expect(reported).toEqual(expect.arrayContaining([told('applied'), told('already_applied')]));
      expect(new Set(plane.results.map(({ runner_id }) => runner_id))).toEqual(
        new Set(['runner-1', 'runner-2']),
      );
      expect(await state()).toEqual(changed);
    });
  });

  describe('a control plane that is away', () => {
    let line: TcpProxy;

    beforeEach(async () => {
      line = await TcpProxy.start({ host: '127.0.0.1', port: Number(new URL(plane.url).port) });
    });
    afterEach(() => line.stop());

    const goAway = () => {
      line.refuse(true);
      line.cut();
    };
    const planeUrl = () => `http://127.0.0.1:${line.port}`;

    test('lets writes in flight finish, and gets their results later', async () => {
      const { letGo } = await blocked({ planeUrl: planeUrl() });
      goAway();
      await letGo();
      await untilCommitted();
      expect(plane.results).toEqual([]);
      line.refuse(false);
      expect(await results()).toEqual([told('applied')]);
      expect(await state()).toEqual(changed);
    });

    test('lets none begin once the authority to write has lapsed', async () => {
      plane.writeByMs = 1_000;
      const { letGo, runner } = await blocked({ planeUrl: planeUrl() });
      const next = {
        writeback_job_id: 'wbj_next',
        proposal_id: 'wrp_next',
        idempotency_key: 'next',
        conflict_guard: { kind: 'column' as const, column: 'version', expected_value: 8 },
      };
      const claimed = plane.count('claim');
      plane.queue(jobOf(shop, next));
      await plane.until(() => plane.count('claim') > claimed);
      goAway();
      // Nothing but time takes the authority away.
      await sleep(plane.writeByMs);
      await letGo();
      await untilCommitted();
      // The second one's turn has come: it asks for its authority, right before it would begin, and gets none.
      await eventually(
        async () => runner.lines,
        (lines) =>
          lines.some(
            ({ event, job_id }) => event === 'lease_renewal_failed' && job_id === next.writeback_job_id,
          ),
      );
      expect(await state()).toEqual(changed);
      plane.writeByMs = 10_000;
      line.refuse(false);
      await plane.until(() => plane.resultsOf('wbj_next').length > 0);
      expect(plane.resultsOf('wbj_next')).toMatchObject([{ status: 'applied', result_version: '9' }]);
    });
  });

  describe('a database server that is killed', () => {
    test('while a write runs and comes back has the write made, once', async () => {
      await blocked();
      await shop.server.crash();
      await shop.server.restart();
      expect(await results()).toEqual([told('applied')]);
      expect(await state()).toEqual(changed);
    });

    test('after a commit that nobody heard of has kept it', async () => {
      const { proxy, url } = await shop.proxied();
      await startWarm({ databaseUrl: url });
      proxy.mute(true);
      plane.queue(jobOf(shop));
      await untilCommitted();
      await shop.server.crash();
      await shop.server.restart();
      proxy.mute(false);
      proxy.cut();
      expect(await results()).toEqual([told('already_applied')]);
      expect(await state()).toEqual(changed);
    });

    test('is waited for, and its jobs are done once it is back', async () => {
      await startReady();
      await shop.server.crash();
      const claimed = plane.count('claim');
      plane.queue(jobOf(shop));
      await plane.until(() => plane.count('claim') > claimed || plane.count('release') > 0);
      await shop.server.restart();
      expect(await results()).toEqual([told('applied')]);
      expect(await state()).toEqual(changed);
    });
  });
});
