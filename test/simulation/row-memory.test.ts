import type { Ask, Caller } from '@countersign/durable-objects/tenant/turn/command';
import { Turns } from '@countersign/durable-objects/tenant/turn/turns';
import { proposeRequestSchema } from '@countersign/protocol/proposal-requests';
import { beforeEach, expect, test } from 'vitest';
import { proposal } from '../support/change-set.ts';
import { SqliteDatabase } from '../support/sqlite-database.ts';
import { agents, approvers, BEGINNING, genesis, TENANT } from './tenant.ts';

/** What a tenant remembers must never outlive what stands in the database, whoever changed it there. */

const [agent] = agents;
const [ann] = approvers;
let database: SqliteDatabase;

beforeEach(() => {
  database = new SqliteDatabase();
  database.run(genesis);
});

let instances = 0;
function instance(): Turns {
  instances += 1;
  let batches = 0;
  const name = `i${instances}`;
  return new Turns(TENANT, {
    database,
    now: () => BEGINNING,
    nonce: () => {
      batches += 1;
      return `${name}-${batches}`;
    },
    yield: async () => undefined,
    waiters: () => [],
    admit: () => undefined,
    dismiss: () => undefined,
    deliver: () => undefined,
    changed: () => undefined,
    wakeAt: async () => false,
  });
}

const ask = (turns: Turns, caller: Caller, asked: Ask, key?: string) =>
  turns.submit({ caller, ask: asked, key: key === undefined ? null : { key, request: key } });
const propose: Ask = { type: 'propose', request: proposeRequestSchema.parse(proposal()) };

test('most turns need no read', async () => {
  const turns = instance();
  await ask(turns, agent, propose, 'k1');
  const { batches } = turns.tally;
  await ask(turns, agent, propose, 'k2');
  expect(turns.tally.batches).toBe(batches + 1);
});

test('a credential that was revoked in the database is refused at the next request', async () => {
  const turns = instance();
  expect(await ask(turns, agent, propose)).toMatchObject({ ok: true });
  database.sqlite.exec("UPDATE credentials SET status = 'revoked'");
  expect(await ask(turns, agent, propose)).toMatchObject({ refusal: { code: 'token_revoked' } });
});

test('a member who was removed in the database is a stranger at the next request', async () => {
  const turns = instance();
  const made = await ask(turns, agent, propose);
  const other = await ask(turns, agent, propose);
  if (!made.ok || !other.ok) throw new Error('not proposed');
  const decide = (proposalId: unknown): Ask => ({
    type: 'decide',
    proposalId: String(proposalId),
    verdict: 'approved',
    reason: null,
    effectDigest: null,
  });
  expect(await ask(turns, ann, decide(made.body.proposal_id))).toMatchObject({ ok: true });
  database.sqlite.exec("UPDATE members SET status = 'removed'");
  expect(await ask(turns, ann, decide(other.body.proposal_id))).toMatchObject({
    refusal: { code: 'project_not_found' },
  });
});

test('a key that another instance has used meanwhile gives that answer, not a second proposal', async () => {
  const [one, two] = [instance(), instance()];
  await ask(one, agent, propose, 'first');
  const made = await ask(two, agent, propose, 'same');
  expect(await ask(one, agent, propose, 'same')).toEqual(made);
  const [row] = database.run([{ sql: 'SELECT count(*) AS n FROM proposals', params: [] }]);
  expect(row?.rows).toEqual([{ n: 2 }]);
});
