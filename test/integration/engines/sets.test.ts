import { afterDigest, beforeDigest, type Member } from '@countersign/protocol/change-set/frozen-set';
import { sampleSet } from '@countersign/protocol/change-set/sample-change-sets';
import { receiptHash } from '@countersign/runner/databases/receipt';
import { describe, expect, test } from 'vitest';
import { testEngines } from '../../support/engines.ts';
import {
  carryOut,
  changeSetOf,
  claimedOf,
  databaseOf,
  membersOf,
  parcels,
  parcelsIn,
  parcelsSql,
  poisoned,
  UNTOUCHED,
  verifiedBy,
} from './support/parcels.ts';
import { useShop } from './support/use-shop.ts';

const updated = (...ids: readonly string[]) => sampleSet('wrp_s', 'set_update', membersOf('set_update', ids));
const removed = (...ids: readonly string[]) => sampleSet('wrp_s', 'set_delete', membersOf('set_delete', ids));
const added = (ids: readonly string[], change?: (member: Member) => Member) =>
  sampleSet('wrp_s', 'batch_insert', membersOf('batch_insert', ids, change));

describe.each(await testEngines())('$name:', (engine) => {
  const shop = useShop(engine, parcelsSql);

  const drift = { kind: 'conflict', reason: 'SET_DRIFT_CONFLICT', resultVersion: undefined };

  test('every member of a set is updated under one receipt, once', async () => {
    const applied = { resultVersion: undefined, resultHash: receiptHash('wbj_wrp_s', 'applied', undefined) };
    const sample = updated('P-1', 'P-2', 'P-3');
    expect(await carryOut(shop, sample)).toMatchObject({ kind: 'applied', ...applied });
    const done = ['acme P-1 8 0 held', 'acme P-2 8 0 held', 'acme P-3 8 0 held', 'globex P-1 7 900 held'];
    expect(await parcelsIn(shop)).toEqual(done);
    expect(await shop.receipts()).toMatchObject([
      {
        operation: 'set_update',
        affected_rows: '3',
        result_version: null,
        target_key: Object(sample.frozen_set).set_digest,
      },
    ]);
    expect(await carryOut(shop, sample)).toMatchObject({ kind: 'already_applied', ...applied });
    expect(await parcelsIn(shop)).toEqual(done);
  });

  test.each([
    ['has moved on', `UPDATE parcels SET version = 8 WHERE id = 'P-2'`],
    ['was changed under the same version', `UPDATE parcels SET fee_cents = 901 WHERE id = 'P-2'`],
    ['lost a value', `UPDATE parcels SET state = NULL WHERE id = 'P-2'`],
    ['has a value in other letters', `UPDATE parcels SET state = 'HELD' WHERE id = 'P-2'`],
    ['has a blank behind its value', `UPDATE parcels SET state = 'held ' WHERE id = 'P-2'`],
    ['is gone', `DELETE FROM parcels WHERE id = 'P-2'`],
    ['belongs to another tenant now', `UPDATE parcels SET tenant_id = 'globex' WHERE id = 'P-2'`],
  ])('of which one member %s, none is written, and that is recorded', async (_what, sql) => {
    await shop.db.query(sql);
    const before = await parcelsIn(shop);
    expect(await carryOut(shop, updated('P-1', 'P-2', 'P-3'))).toMatchObject(drift);
    expect(await parcelsIn(shop)).toEqual(before);
    expect(await shop.receipts()).toMatchObject([{ status: 'conflict', affected_rows: '0' }]);
    await shop.db.query(`DELETE FROM parcels`);
    expect(await carryOut(shop, updated('P-1', 'P-2', 'P-3'))).toMatchObject(drift);
  });

  test('a set of which the database refuses one member is not written, and nothing is recorded', async () => {
    expect(
      await carryOut(
        shop,
        added(['N-1', 'N-2', 'N-3'], (member) =>
          member.primary_key.value === 'N-2' ? poisoned(member) : member,
        ),
      ),
    ).toEqual({
      kind: 'failed',
      code: 'CONSTRAINT_VIOLATED',
    });
    expect(await parcelsIn(shop)).toEqual(UNTOUCHED);
    expect(await shop.receipts()).toEqual([]);
  });

  test('rows are added together, and once', async () => {
    expect(await carryOut(shop, added(['N-1', 'N-2']))).toMatchObject({ kind: 'applied' });
    expect(await parcelsIn(shop)).toEqual(['acme N-1 1 250 new', 'acme N-2 1 250 new', ...UNTOUCHED]);
    expect(await carryOut(shop, added(['N-1', 'N-2']))).toMatchObject({ kind: 'already_applied' });
    expect(await parcelsIn(shop)).toHaveLength(6);
  });

  test('rows of which one is there already are not added', async () => {
    await shop.db.query(`INSERT INTO parcels VALUES ('N-2', 'acme', 1, 250, 'new')`);
    expect(await carryOut(shop, added(['N-1', 'N-2']))).toMatchObject({
      kind: 'conflict',
      reason: 'INSERT_DEDUP_CONFLICT',
    });
    expect(await parcelsIn(shop)).toHaveLength(5);
  });

  test('rows are removed together, or none is', async () => {
    await shop.db.query(`UPDATE parcels SET fee_cents = 1 WHERE id = 'P-3'`);
    expect(await carryOut(shop, removed('P-1', 'P-2', 'P-3'))).toMatchObject(drift);
    expect(await parcelsIn(shop)).toHaveLength(4);
    const sample = { ...removed('P-1', 'P-2'), proposal_id: 'wrp_t' };
    expect(await carryOut(shop, sample)).toMatchObject({ kind: 'applied' });
    expect(await parcelsIn(shop)).toEqual(['acme P-3 7 1 held', 'globex P-1 7 900 held']);
  });

  test('sets that overlap wait for one another, and neither for ever', async () => {
    const database = databaseOf(shop);
    const sets = [updated('P-1', 'P-2'), { ...updated('P-2', 'P-3'), proposal_id: 'wrp_t' }];
    const outcomes = await Promise.all(sets.map((sample) => carryOut(shop, sample, { database })));
    expect(outcomes.map(({ kind }) => kind).toSorted()).toEqual(['applied', 'conflict']);
    expect(await shop.receipts()).toHaveLength(2);
  });

  test('of ten attempts at one set, one writes it', async () => {
    const database = databaseOf(shop);
    const outcomes = await Promise.all(
      Array.from({ length: 10 }, () => carryOut(shop, updated('P-1', 'P-2', 'P-3'), { database })),
    );
    expect(outcomes.filter(({ kind }) => kind === 'applied')).toHaveLength(1);
    expect(outcomes.filter(({ kind }) => kind === 'already_applied')).toHaveLength(9);
    expect(await parcelsIn(shop)).toContain('acme P-2 8 0 held');
  });

  test('a lease that ends while rows are waited for writes nothing', async () => {
    const blocker = await shop.session();
    await blocker.query('BEGIN');
    await blocker.query(`SELECT 1 FROM parcels WHERE id = 'P-2' AND tenant_id = 'acme' FOR UPDATE`);
    let holds = true;
    const authority = { holds: () => holds, regain: () => Promise.resolve(false) };
    const outcome = carryOut(shop, updated('P-1', 'P-2'), { authority });
    await shop.untilBlocked(1);
    holds = false;
    await blocker.query('ROLLBACK');
    expect(await outcome).toEqual({ kind: 'lease_lost' });
    expect(await parcelsIn(shop)).toEqual(UNTOUCHED);
    expect(await shop.receipts()).toEqual([]);
  });

  test('whichever answer of the database is lost, all of it is there, once', async () => {
    const { proxy, url } = await shop.proxied();
    const database = shop.connect({ tables: { parcels }, url });
    let lost = 0;
    for (let isCut = true; isCut; lost += 1) {
      isCut = false;
      await shop.db.query(`UPDATE parcels SET version = 7, fee_cents = 900`);
      await shop.db.query(`DELETE FROM countersign_receipts`);
      await database.probe();
      let answers = 0;
      void proxy.cutNextAnswer(() => {
        answers += 1;
        isCut ||= answers > lost;
        return isCut;
      });
      const { kind } = await carryOut(shop, updated('P-1', 'P-2'), { database });
      expect(['applied', 'already_applied']).toContain(kind);
      expect(await parcelsIn(shop)).toEqual([
        'acme P-1 8 0 held',
        'acme P-2 8 0 held',
        ...UNTOUCHED.slice(2),
      ]);
      expect(await shop.receipts()).toHaveLength(1);
    }
    // To begin, to find, to write, to record and to commit are answers of their own.
    expect(lost).toBeGreaterThan(5);
  });

  test('a hundred rows are one set, where the configuration allows so many', async () => {
    const ids = Array.from({ length: 100 }, (_, place) => `N-${String(place).padStart(3, '0')}`);
    const tables = {
      parcels: { ...parcels, operations: { ...parcels.operations, sets: { max_rows: 100 } } },
    };
    expect(await carryOut(shop, added(ids), { tables })).toMatchObject({ kind: 'applied' });
    expect(await parcelsIn(shop)).toHaveLength(104);
    expect(verifiedBy(shop, claimedOf(changeSetOf(shop, added(ids))))).toMatchObject({
      kind: 'refused',
      reason: 'SET_TOO_LARGE',
    });
  });

  test('numbers, days and truths count as what the database has, in its own types', async () => {
    await shop.db.query(`CREATE TABLE bills (id varchar(60) PRIMARY KEY, tenant_id varchar(40), version bigint NOT NULL,
      fee_cents int, total decimal(12, 2), day date, paid boolean)`);
    await shop.db.query(`INSERT INTO bills VALUES ('P-1', 'acme', 7, 900, 10.50, '2026-01-31', true)`);
    const bills = { ...parcels, columns: ['fee_cents', 'total'], visible_columns: ['day', 'paid'] };
    const whole = {
      id: 'P-1',
      tenant_id: 'acme',
      version: 7,
      fee_cents: 900,
      total: 10.5,
      day: '2026-01-31',
      paid: true,
    };
    const run = (proposalId: string, before: typeof whole) => {
      const set = membersOf('set_update', ['P-1'], (member) => {
        const changed = { ...member, before, after: { ...before, total: '0.00', version: 8 } };
        return { ...changed, before_digest: beforeDigest(changed), after_digest: afterDigest(changed) };
      });
      const guards = {
        tenant: { column: 'tenant_id', value: 'acme' },
        allowed_columns: ['fee_cents', 'total'],
        version_advance: { column: 'version', strategy: 'integer_increment' },
      };
      const sample = sampleSet(proposalId, 'set_update', set, { patch: { total: '0.00' }, guards });
      return carryOut(shop, sample, { table: 'bills', tables: { bills } });
    };
    expect(await run('wrp_1', { ...whole, total: 10.51 })).toMatchObject(drift);
    expect(await run('wrp_2', { ...whole, paid: false })).toMatchObject(drift);
    expect(await run('wrp_3', { ...whole, day: '2026-01-30' })).toMatchObject(drift);
    expect(await run('wrp_4', whole)).toMatchObject({ kind: 'applied' });
    expect(await shop.db.query('SELECT total, version FROM bills')).toEqual([
      { total: '0.00', version: '8' },
    ]);
  });
});
