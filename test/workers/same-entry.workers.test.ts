import { env } from 'cloudflare:workers';
import { d1Database } from '@countersign/durable-objects/tenant/storage/d1-database';
import type { Database } from '@countersign/durable-objects/tenant/storage/database';
import { Turns } from '@countersign/durable-objects/tenant/turn/turns';
import { expect, test } from 'vitest';
import { ada, agent, answerOf, approve, call, makeTenant, propose, rows } from './made-tenant.ts';

test('an entry that another instance wrote word for word is not taken for one’s own', async () => {
  const address = await makeTenant();
  const real = d1Database(env.DB);
  const now = Date.now();
  const instance = (database: Database) =>
    new Turns(address.tenant, {
      database,
      now: () => now,
      nonce: () => crypto.randomUUID(),
      yield: () => scheduler.wait(0),
      waiters: () => [],
      admit: () => undefined,
      dismiss: () => undefined,
      deliver: () => undefined,
      changed: () => undefined,
      wakeAt: async () => false,
    });
  const young = instance(real);
  const pending = String(answerOf(await young.submit(call(agent, propose()))).proposal_id);

  // The old instance has read; before it writes, the young one decides the same request in the same millisecond,
  // and one more.
  let isFirst = true;
  const old = instance({
    batch: async (statements) => {
      const results = await real.batch(statements);
      if (isFirst) {
        isFirst = false;
        answerOf(await young.submit(call(agent, propose())));
        answerOf(await young.submit(call(agent, propose())));
      }
      return results;
    },
  });
  const replies = await Promise.all([
    old.submit(call(agent, propose())),
    old.submit(call(ada, approve(pending))),
  ]);
  expect(replies.map((reply) => reply.ok)).toEqual([true, true]);
  const [row] = await rows('SELECT state FROM proposals WHERE tenant = ?1 AND proposal_id = ?2', address.tenant, pending);
  expect(row?.state, 'the approval that was answered as done').toBe('approved');
  const [{ count } = { count: 0 }] = await rows('SELECT count(*) AS count FROM proposals WHERE tenant = ?1', address.tenant);
  expect(count, 'four requests were answered as made').toBe(4);
});
