import { receiptHash } from '@countersign/runner/databases/receipt';
import type { Authority, SourceDatabase } from '@countersign/runner/databases/source-database';
import { describe, expect, test } from 'vitest';
import { testEngines } from '../../support/engines.ts';
import { eventually } from '../../support/eventually.ts';
import type { TcpProxy } from '../../support/tcp-proxy.ts';
import { useShop } from './support/use-shop.ts';

describe.each(await testEngines())('$name: an attempt that is in doubt', (engine) => {
  const shop = useShop(engine);

  /** What another attempt's transaction does to the receipts. */
  const receiptOfAnother = `INSERT INTO countersign_receipts (idempotency_key, job_id, proposal_id, proposal_hash,
      target_table, target_key, status, reason, affected_rows, result_version, result_hash, attempt, lease_id, runner_id)
    VALUES ('wrp_1:INV-1', 'wbj_wrp_1', 'wrp_1', 'sha256:one', 'shop.invoices', 'INV-1', 'applied', NULL, 1, '8',
      '${receiptHash('wbj_wrp_1', 'applied', '8')}', 1, 'lse_0', 'runner-0')`;

  /** The runner's way through a line that a test can break, with one session that is open already. */
  async function brittle(statementTimeoutMs = 8_000): Promise<{ proxy: TcpProxy; database: SourceDatabase }> {
    const { proxy, url } = await shop.proxied();
    const database = shop.connect({ url, connections: 1, statementTimeoutMs });
    await shop.warmUp(database);
    return { proxy, database };
  }

  const untilCommitted = () =>
    eventually(
      () => shop.receipts(),
      (receipts) => receipts.some(({ status }) => status === 'applied'),
    );

  test.each([
    ['commits', 'COMMIT', 'already_applied'],
    ['rolls back', 'ROLLBACK', 'applied'],
  ])('blocks the next one until it %s', async (_name, end, expected) => {
    const first = await shop.session();
    await first.query('BEGIN');
    await first.query(`UPDATE invoices SET late_fee_cents = 0, waiver_reason = 'goodwill', version = version + 1
      WHERE id = 'INV-1' AND tenant_id = 'acme' AND version = 7`);
    await first.query(receiptOfAnother);
    const second = shop.run();
    await shop.untilBlocked(1);
    await first.query(end);
    expect(await second).toEqual({
      kind: expected,
      resultVersion: '8',
      resultHash: receiptHash('wbj_wrp_1', 'applied', '8'),
    });
    expect(await shop.invoice('INV-1', 'acme')).toMatchObject({ version: '8', late_fee_cents: '0' });
    expect(await shop.receipts()).toHaveLength(1);
  });

  test.each([
    ['commits', 'COMMIT', { kind: 'already_applied', resultVersion: '8' }],
    ['rolls back', 'ROLLBACK', { kind: 'conflict', reason: 'VERSION_CONFLICT' }],
  ])(
    'whose receipt is not visible yet when a conflict is recorded decides it as it %s',
    async (_name, end, expected) => {
      await shop.db.query(`UPDATE invoices SET version = 8 WHERE id = 'INV-1' AND tenant_id = 'acme'`);
      const first = await shop.session();
      await first.query('BEGIN');
      await first.query(receiptOfAnother);
      const second = shop.run();
      await shop.untilBlocked(1);
      await first.query(end);
      expect(await second).toMatchObject(expected);
      expect(await shop.receipts()).toHaveLength(1);
    },
  );

  test('by a connection that was cut after the commit is found to be applied', async () => {
    const { proxy, database } = await brittle();
    proxy.mute(true);
    const outcome = shop.run({}, { database });
    await untilCommitted();
    proxy.mute(false);
    proxy.cut();
    expect(await outcome).toMatchObject({ kind: 'already_applied', resultVersion: '8' });
    expect(await shop.invoice('INV-1', 'acme')).toMatchObject({ version: '8' });
  });

  test('by a connection that was closed after the commit is found to be applied', async () => {
    const { proxy, database } = await brittle();
    proxy.mute(true);
    const outcome = shop.run({}, { database });
    await untilCommitted();
    proxy.mute(false);
    proxy.halfClose();
    expect(await outcome).toMatchObject({ kind: 'already_applied', resultVersion: '8' });
  });

  test('by a connection that was cut before the server heard of it is made', async () => {
    const { proxy, database } = await brittle();
    const before = proxy.sent.length;
    proxy.hold(true);
    const outcome = shop.run({}, { database });
    await eventually(
      async () => proxy.sent.length,
      (length) => length > before,
    );
    proxy.hold(false);
    proxy.cut();
    expect(await outcome).toMatchObject({ kind: 'applied', resultVersion: '8' });
    expect(await shop.receipts()).toHaveLength(2);
  });

  test('by a connection that breaks at the first answer ends as one change with one receipt', async () => {
    const { proxy, database } = await brittle();
    const cut = proxy.cutNextAnswer();
    const outcome = shop.run({}, { database });
    await cut;
    expect((await outcome).kind).toMatch(/^(already_)?applied$/);
    expect(await shop.invoice('INV-1', 'acme')).toMatchObject({ version: '8' });
    expect(await shop.receipts()).toHaveLength(2);
  });

  test('is waited for while the database is away, and read even after the lease is gone', async () => {
    const { proxy, database } = await brittle();
    let isHeld = true;
    const authority: Authority = { holds: () => isHeld, regain: () => Promise.resolve(false) };
    proxy.mute(true);
    const outcome = shop.run({}, { database, authority });
    await untilCommitted();
    isHeld = false;
    proxy.mute(false);
    proxy.cut();
    expect(await outcome).toMatchObject({ kind: 'already_applied', resultVersion: '8' });
  });

  test('is unknown, and nothing else, when the database stays away until the runner gives up', async () => {
    const { proxy, database } = await brittle();
    const giveUp = new AbortController();
    proxy.mute(true);
    const outcome = shop.run({}, { database, giveUp: giveUp.signal });
    await untilCommitted();
    proxy.refuse(true);
    proxy.cut();
    giveUp.abort();
    expect(await outcome).toEqual({ kind: 'unknown' });
    expect(await shop.run()).toMatchObject({ kind: 'already_applied' });
  });

  test('is never failed by what a later try meets', async () => {
    const { proxy, database } = await brittle();
    const cut = proxy.cutNextAnswer();
    const outcome = shop.run({ values: ['-1', null] }, { database });
    await cut;
    expect(await outcome).toEqual({ kind: 'unknown' });
  });

  test('by a session that the server ended is resolved on another one', async () => {
    const blocker = await shop.blocker();
    const outcome = shop.run();
    await shop.untilBlocked(1);
    await shop.sql.endRunners(shop.db);
    await blocker.query('COMMIT');
    expect(await outcome).toMatchObject({ kind: 'applied', resultVersion: '8' });
    expect(await shop.receipts()).toHaveLength(1);
  });

  test('on a line that went dead is given up after the deadline and resolved on a fresh one', async () => {
    const { proxy, database } = await brittle(100);
    proxy.hold(true);
    // A fresh line must not be a dead one too.
    proxy.refuse(true);
    const outcome = shop.run({}, { database });
    await eventually(
      async () => proxy.connections,
      (connections) => connections === 0,
    );
    proxy.hold(false);
    proxy.refuse(false);
    expect(await outcome).toMatchObject({ kind: 'applied', resultVersion: '8' });
  });
});
