import { expect, test } from 'vitest';
import type { LookContext } from '../queries/look.ts';
import type { Database } from '../storage/database.ts';
import { head, NOW, person, TENANT } from '../test-support.ts';
import { rebuildPlan } from './rebuild-plan.ts';

const context: LookContext = {
  tenant: TENANT,
  head,
  identity: person('ann', { roles: ['owner'] }),
  permissions: { enforced: false, rules: [] },
  now: NOW,
  may: () => true,
};

/** A database whose head is this one, and in which nothing else stands. */
function withHead(found: { readonly seq: number; readonly hash: string }) {
  const database: Database = {
    batch: async (statements) =>
      statements.map((_, place) => ({ rows: place === 0 ? [found] : [], rowsRead: 0, rowsWritten: 0 })),
  };
  return { database, rest: async () => undefined };
}

test.each([
  { seq: head.seq + 1, hash: head.hash },
  { seq: head.seq, hash: 'sha256:after a restore' },
])('a record that moves while it is compared is to be compared again: %j', async (found) => {
  expect(await rebuildPlan(withHead(found)).answer([], context)).toMatchObject({
    ok: false,
    refusal: { code: 'unavailable' },
  });
});

test('a ledger that lacks what the head says is a difference', async () => {
  expect(await rebuildPlan(withHead(head)).answer([], context)).toMatchObject({
    ok: true,
    body: { matches: false, differences: [{ table: 'ledger', key: String(head.seq), found: 'missing' }] },
  });
});
