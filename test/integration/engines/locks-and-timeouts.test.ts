import type { Authority } from '@countersign/runner/databases/source-database';
import { describe, expect, test } from 'vitest';
import { testEngines } from '../../support/engines.ts';
import { useShopAlone } from './support/use-shop.ts';

describe.each(await testEngines())('$name:', (engine) => {
  const shop = useShopAlone(engine);

  describe('authority', () => {
    test('that lapses while waiting for a connection stops the write', async () => {
      let looks = 0;
      const authority: Authority = { holds: () => ++looks === 1, regain: () => Promise.resolve(false) };
      expect(await shop.run({}, { authority })).toEqual({ kind: 'lease_lost' });
      expect(looks).toBeGreaterThan(1);
      expect(await shop.invoice('INV-1', 'acme')).toMatchObject({ version: '7' });
      expect(await shop.receipts()).toEqual([]);
    });

    test('that is regained lets the write begin', async () => {
      let isHeld = false;
      const authority: Authority = {
        holds: () => isHeld,
        regain: () => {
          isHeld = true;
          return Promise.resolve(true);
        },
      };
      expect(await shop.run({}, { authority })).toMatchObject({ kind: 'applied' });
    });
  });

  describe('the database', () => {
    test('that holds the row locked is let be after the lock timeout', async () => {
      const blocker = await shop.blocker();
      const database = shop.connect({ lockTimeoutMs: 100 });
      expect(await shop.run({}, { database })).toEqual({
        kind: 'released',
        reason: 'busy',
        cause: shop.sql.codes.locked,
      });
      await blocker.query('ROLLBACK');
      expect(await shop.run({}, { database })).toMatchObject({ kind: 'applied' });
    });

    test('whose tables are locked for a change of their form is let be too', async () => {
      const blocker = await shop.session();
      await blocker.query('BEGIN');
      await blocker.query(shop.sql.lockTableSql);
      const database = shop.connect({ lockTimeoutMs: 100 });
      expect(await shop.run({}, { database })).toMatchObject({ kind: 'released', reason: 'busy' });
      await blocker.query(shop.sql.unlockTableSql);
      expect(await shop.run({}, { database })).toMatchObject({ kind: 'applied' });
    });

    test('that takes too long is stopped by the statement timeout', async () => {
      await shop.db.query(shop.sql.triggers.dawdle);
      const database = shop.connect({ statementTimeoutMs: 100 });
      expect(await shop.run({}, { database })).toEqual(shop.sql.tooSlow);
      expect(await shop.receipts()).toEqual([]);
      expect(await shop.invoice('INV-1', 'acme')).toMatchObject({ version: '7', late_fee_cents: '5500' });
    });

    test('has nothing running any more of what took too long', async () => {
      await shop.db.query(shop.sql.triggers.dawdle);
      await shop.run({}, { database: shop.connect({ statementTimeoutMs: 100 }) });
      const session = await shop.session();
      // Waits for the row, were it still locked, longer than the test may take.
      await session.query(`SELECT 1 FROM invoices WHERE id = 'INV-1' FOR UPDATE`);
    });

    test('that cannot be reached, or refuses the credential, gives the job back', async () => {
      const { proxy, url } = await shop.proxied();
      proxy.refuse(true);
      expect(await shop.run({}, { database: shop.connect({ url }) })).toMatchObject({
        kind: 'released',
        reason: 'database_unavailable',
      });
      const wrong = shop.connect({ url: shop.server.url(shop.db.name, { password: 'wrong' }) });
      expect(await shop.run({}, { database: wrong })).toEqual({
        kind: 'released',
        reason: 'database_unavailable',
        cause: shop.sql.codes.wrongPassword,
      });
      expect(await wrong.probe()).toBe(shop.sql.codes.wrongPassword);
    });

    test('that deadlocks the write has it tried again', async () => {
      // The write takes INV-1 and then, in the trigger, waits for the row that the other session holds.
      await shop.db.query(shop.sql.triggers.touchNote);
      for (const sql of shop.sql.loseDeadlock.database(shop.db.name)) await shop.db.query(sql);
      const other = await shop.session();
      for (const sql of shop.sql.loseDeadlock.session) await other.query(sql);
      await other.query('UPDATE notes SET body = body WHERE id = 1');
      const outcome = shop.run();
      await shop.untilBlocked(1);
      await other.query(`SELECT 1 FROM invoices WHERE id = 'INV-1' AND tenant_id = 'acme' FOR UPDATE`);
      await other.query('COMMIT');
      expect(await outcome).toMatchObject({ kind: 'applied', resultVersion: '8' });
      expect(await shop.receipts()).toHaveLength(1);
    });

    test('that crashes is away, and written to once it is back', async () => {
      const database = shop.connect();
      await shop.warmUp(database);
      await shop.server.crash();
      expect(await shop.run({}, { database, giveUp: AbortSignal.timeout(1_000) })).toMatchObject({
        kind: expect.stringMatching(/^(released|unknown)$/),
      });
      expect(await database.probe()).toBe('cannot_connect');
      await shop.server.restart();
      expect(await database.probe()).toBeUndefined();
      expect(await shop.run({}, { database })).toMatchObject({ kind: 'applied' });
    });
  });
});
