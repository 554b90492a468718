import { env } from 'cloudflare:workers';
import type { Address } from '@countersign/durable-objects/tenant/hold';
import { heads, ledger } from '@countersign/durable-objects/tenant/schema';
import { d1Database } from '@countersign/durable-objects/tenant/storage/d1-database';
import { type Database, DatabaseFault } from '@countersign/durable-objects/tenant/storage/database';
import { readRows } from '@countersign/durable-objects/tenant/storage/read';
import { decodeRow } from '@countersign/durable-objects/tenant/storage/rows';
import { ledgerEntry, writeStatements } from '@countersign/durable-objects/tenant/storage/write';
import { noNeeds } from '@countersign/durable-objects/tenant/turn/needs';
import type { Turns } from '@countersign/durable-objects/tenant/turn/turns';
import { World } from '@countersign/durable-objects/tenant/turn/world';
import { verifyLedger } from '@countersign/protocol/ledger';
import { describe, expect, test } from 'vitest';
import {
  ada,
  answerOf,
  approve,
  call,
  claim,
  entryTypes,
  instance,
  makeTenant,
  propose,
  rows,
  runner,
  service,
  system,
} from './made-tenant.ts';

const proposed = async (turns: Turns) =>
  String(answerOf(await turns.submit(call(service, propose()))).proposal_id);

/** D1 for several instances, none of which hears what it read first before all of them have read. */
function meeting(count: number): Database[] {
  const real = d1Database(env.DB);
  const all = Promise.withResolvers<void>();
  let arrived = 0;
  return Array.from({ length: count }, () => {
    let isFirst = true;
    return {
      batch: async (statements) => {
        const results = await real.batch(statements);
        if (!isFirst) return results;
        isFirst = false;
        arrived += 1;
        if (arrived === count) all.resolve();
        await all.promise;
        return results;
      },
    };
  });
}

const headOf = async ({ tenant }: Address) => {
  const [raw] = await rows('SELECT * FROM heads WHERE tenant = ?1', tenant);
  if (raw === undefined) throw new TypeError('the tenant has no head');
  return decodeRow(heads, raw);
};

async function expectWholeLedger({ tenant }: Address): Promise<void> {
  const found = await rows('SELECT * FROM ledger WHERE tenant = ?1 ORDER BY seq', tenant);
  const entries = found.map((raw) => ledgerEntry(decodeRow(ledger, raw)));
  const head = await headOf({ tenant, shard: 'DB' });
  expect(verifyLedger(tenant, entries)).toEqual({ ok: true, entries: head.seq, head_hash: head.hash });
}

describe('a batch of whoever read an older head', () => {
  /** What a sweep writes that finds nothing due: it moves the head and leaves no entry, whose key would stop it too. */
  const moveOnly = async ({ tenant }: Address, nonce: string) => {
    const world = new World(
      tenant,
      await readRows(d1Database(env.DB), tenant, noNeeds(), Date.now()),
      noNeeds(),
    );
    const base = world.head;
    world.touch({ swept: true });
    const changes = world.changes(nonce);
    if (base === undefined || changes === undefined) throw new TypeError('there is nothing to write');
    return { base, changes };
  };

  test('is refused whole by D1, with a fault that names it', async () => {
    const address = await makeTenant();
    const database = d1Database(env.DB);
    const [one, two] = [await moveOnly(address, 'one'), await moveOnly(address, 'two')];
    await database.batch(writeStatements(one.base, one.changes));
    const late = database.batch([
      ...writeStatements(two.base, two.changes),
      { sql: "UPDATE sources SET name = 'torn' WHERE tenant = ?1", params: [address.tenant] },
    ]);
    await expect(late).rejects.toMatchObject({ kind: 'stale_writer' });
    expect((await headOf(address)).nonce).toBe('one');
    expect(await rows("SELECT * FROM sources WHERE name = 'torn'")).toEqual([]);
  });

  test('is refused also when the turn is the same and only the nonce differs', async () => {
    const address = await makeTenant();
    const { base, changes } = await moveOnly(address, 'other');
    await env.DB.prepare("UPDATE heads SET nonce = 'rewound' WHERE tenant = ?1").bind(address.tenant).run();
    await expect(d1Database(env.DB).batch(writeStatements(base, changes))).rejects.toMatchObject({
      kind: 'stale_writer',
    });
  });

  test('is refused where there is no tenant', async () => {
    const address = await makeTenant();
    const { base, changes } = await moveOnly(address, 'x');
    const nowhere = { ...base, tenant: 'prj_nowhere' };
    const elsewhere = { ...changes, head: { ...changes.head, tenant: 'prj_nowhere' } };
    await expect(d1Database(env.DB).batch(writeStatements(nowhere, elsewhere))).rejects.toBeInstanceOf(
      DatabaseFault,
    );
    expect(await rows("SELECT * FROM heads WHERE tenant = 'prj_nowhere'")).toEqual([]);
  });
});

describe('two instances of one tenant', () => {
  test('decide anew when what one remembers is no longer so', async () => {
    const address = await makeTenant();
    const [old, young] = [instance(address), instance(address)];
    const [first, second] = [await proposed(old), await proposed(old)];
    answerOf(await old.submit(call(ada, approve(first))));
    const { batches } = old.tally;
    answerOf(await young.submit(call(ada, { ...approve(second), verdict: 'rejected' })));
    const late = await old.submit(call(ada, approve(second)));
    expect(late).toMatchObject({ ok: false, refusal: { code: 'proposal_already_decided' } });
    expect([old.tally.retries, old.tally.batches - batches]).toEqual([1, 2]);
    expect(await entryTypes(address)).toEqual([
      'proposal.submitted',
      'proposal.submitted',
      'proposal.approved',
      'proposal.rejected',
    ]);
    await expectWholeLedger(address);
  });

  test('never lease one job twice', async () => {
    const address = await makeTenant();
    const first = instance(address);
    for (let count = 0; count < 10; count += 1) {
      answerOf(await first.submit(call(ada, approve(await proposed(first)))));
    }
    const instances = meeting(4).map((database) => instance(address, database));
    const replies = await Promise.all(
      instances.map((turns, at) => turns.submit(call(runner, claim({ runner_id: `r${at}`, limit: 4 })))),
    );
    const leased = replies.flatMap((reply) =>
      Object(answerOf(reply)).jobs.map((job: { job_id: string }) => job.job_id),
    );
    expect(new Set(leased).size).toBe(10);
    expect(leased).toHaveLength(10);
    expect(instances.reduce((sum, { tally }) => sum + tally.retries, 0)).toBeGreaterThanOrEqual(3);
    await expectWholeLedger(address);
  });

  test('that race with everything they have keep one ledger, and every answer stands in it', async () => {
    const address = await makeTenant();
    const instances = meeting(4).map((database) => instance(address, database));
    const replies = await Promise.all(
      instances.flatMap((turns, at) =>
        Array.from({ length: 25 }, (_, one) =>
          turns.submit(call(service, propose({ reason: `${at}/${one}` }))),
        ),
      ),
    );
    const made = replies.filter((reply) => reply.ok).map((reply) => answerOf(reply).proposal_id);
    const refused = replies.flatMap((reply) => (reply.ok ? [] : [reply.refusal.code]));
    expect(refused.every((code) => code === 'unavailable')).toBe(true);
    const stored = await rows('SELECT proposal_id FROM proposals WHERE tenant = ?1', address.tenant);
    expect(stored.map(({ proposal_id }) => proposal_id).sort()).toEqual([...made].sort());
    expect(instances.reduce((sum, { tally }) => sum + tally.retries, 0)).toBeGreaterThanOrEqual(3);
    await expectWholeLedger(address);
  });

  test('do not take for their own what the other wrote word for word', async () => {
    const address = await makeTenant();
    const real = d1Database(env.DB);
    const at = Date.now();
    const young = instance(address, real, () => at);
    const pending = await proposed(young);
    let isFirst = true;
    // The old one has read; before it writes, the young one decides the same request, in the same millisecond.
    const interrupted: Database = {
      batch: async (statements) => {
        const results = await real.batch(statements);
        if (isFirst) {
          isFirst = false;
          await proposed(young);
          await proposed(young);
        }
        return results;
      },
    };
    const old = instance(address, interrupted, () => at);
    const replies = await Promise.all([
      old.submit(call(service, propose())),
      old.submit(call(ada, approve(pending))),
    ]);
    expect(replies.map(answerOf)).toMatchObject([{ status: 'pending_review' }, { status: 'approved' }]);
    const stored = await rows('SELECT state FROM proposals WHERE tenant = ?1 ORDER BY seq', address.tenant);
    expect(stored.map(({ state }) => state)).toEqual([
      'approved',
      'pending_review',
      'pending_review',
      'pending_review',
    ]);
    await expectWholeLedger(address);
  });
});

describe('an answer of the database that was lost', () => {
  /** Says of one batch that its answer was lost, after it was written or before. */
  function losing(isWritten: boolean, sql: RegExp): Database {
    const real = d1Database(env.DB);
    let left = 1;
    return {
      batch: async (statements) => {
        const isLost = left > 0 && statements.some((statement) => sql.test(statement.sql));
        if (!isLost) return real.batch(statements);
        left -= 1;
        if (isWritten) await real.batch(statements);
        throw new DatabaseFault('lost');
      },
    };
  }

  test.each([true, false])(
    'is found out by reading the head again (written: %s): the change is made once',
    async (isWritten) => {
      const address = await makeTenant();
      const turns = instance(address, losing(isWritten, /^INSERT INTO ledger/));
      const answer = answerOf(await turns.submit(call(service, propose())));
      expect(await rows('SELECT proposal_id FROM proposals WHERE tenant = ?1', address.tenant)).toEqual([
        { proposal_id: answer.proposal_id },
      ]);
      await expectWholeLedger(address);
    },
  );

  test('of reading costs nothing but reading again', async () => {
    const address = await makeTenant();
    const turns = instance(address, losing(false, /^SELECT/));
    answerOf(await turns.submit(call(service, propose())));
    expect(turns.tally.retries).toBe(1);
  });

  test('again and again is told: whether it took effect is not known', async () => {
    const address = await makeTenant();
    const never: Database = { batch: () => Promise.reject(new DatabaseFault('lost')) };
    const reply = await instance(address, never).submit(call(system, { type: 'sweep' }));
    expect(reply).toMatchObject({ ok: false, refusal: { code: 'unavailable' } });
  });
});
