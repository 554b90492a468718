import type { Ask, Caller } from '@countersign/durable-objects/tenant/turn/command';
import { Turns } from '@countersign/durable-objects/tenant/turn/turns';
import { claimRequestSchema } from '@countersign/protocol/job-requests';
import { usualLimits } from '@countersign/protocol/limits';
import { beforeEach, expect, test } from 'vitest';
import { SqliteDatabase } from '../support/sqlite-database.ts';
import { agentChangeSet } from './actors/change.ts';
import { foundTenant } from './found-tenant.ts';
import { approvers, BEGINNING, runnerSeats, service, TENANT } from './tenant.ts';

/** What a tenant remembers must never outlive what stands in the database, whoever changed it there. */

const [ann] = approvers;
let database: SqliteDatabase;

beforeEach(async () => {
  database = new SqliteDatabase();
  await foundTenant(database, 'memory');
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
    fault: (fault) => {
      throw fault;
    },
    limits: usualLimits,
    wakeAt: async () => false,
  });
}

const ask = (turns: Turns, caller: Caller, asked: Ask, key?: string) =>
  turns.submit({ caller, ask: asked, key: key === undefined ? null : { key, request: key } });
const decide = (proposalId: unknown): Ask => ({
  type: 'decide',
  proposalId: String(proposalId),
  verdict: 'approved',
  reason: null,
  effectDigest: null,
});
const [{ runnerId, caller: runner }] = runnerSeats;
const register: Ask = {
  type: 'register',
  request: {
    schema_version: 'synapsor.runner-registration.v1',
    runner_id: runnerId,
    runner_version: '0.1.0',
    engines: ['postgres'],
    capabilities: [],
    scope: { project_id: TENANT, source_ids: ['src_billing'] },
    registered_at: '2027-01-15T08:00:00.000Z',
  },
};
const claim: Ask = {
  type: 'claim',
  request: claimRequestSchema.parse({ source_id: 'src_billing', runner_id: runnerId }),
  waiterId: null,
};
const change = {
  sourceId: 'src_billing',
  row: 'row-1',
  version: 1,
  value: 5,
  approvals: 1,
  mode: 'review_required',
} as const;
const propose: Ask = {
  type: 'propose',
  request: { source_id: 'src_billing', change_set: agentChangeSet(change) },
};

test('most turns need no read', async () => {
  const turns = instance();
  await ask(turns, service, propose, 'k1');
  const { batches } = turns.tally;
  await ask(turns, service, propose, 'k2');
  expect(turns.tally.batches).toBe(batches + 1);
});

test('a claim needs no read once the queue is known', async () => {
  const turns = instance();
  expect(await ask(turns, runner, register)).toMatchObject({ ok: true });
  const claimed = async () => {
    const made = await ask(turns, service, propose);
    if (!made.ok) throw new Error('not proposed');
    await ask(turns, ann, decide(made.body.proposal_id));
    const { batches } = turns.tally;
    const taken = await ask(turns, runner, claim);
    expect(taken).toMatchObject({ body: { jobs: [{ proposal_id: made.body.proposal_id }] } });
    return turns.tally.batches - batches;
  };
  expect(await claimed()).toBe(2);
  expect(await claimed()).toBe(1);
});

test('a job that another instance has given out meanwhile is not given out again', async () => {
  const [one, two] = [instance(), instance()];
  const made = await ask(one, service, propose);
  if (!made.ok) throw new Error('not proposed');
  expect(await ask(one, runner, claim)).toMatchObject({ body: { jobs: [] } });
  await ask(one, ann, decide(made.body.proposal_id));
  expect(await ask(two, runner, claim)).toMatchObject({ body: { jobs: [{}] } });
  expect(await ask(one, runner, claim)).toMatchObject({ body: { jobs: [] } });
});

test('a credential that was revoked in the database is refused at the next request', async () => {
  const turns = instance();
  expect(await ask(turns, service, propose)).toMatchObject({ ok: true });
  database.sqlite.exec("UPDATE credentials SET status = 'revoked'");
  expect(await ask(turns, service, propose)).toMatchObject({ refusal: { code: 'token_revoked' } });
});

test('a member who was removed in the database is a stranger at the next request', async () => {
  const turns = instance();
  const made = await ask(turns, service, propose);
  const other = await ask(turns, service, propose);
  if (!made.ok || !other.ok) throw new Error('not proposed');
  expect(await ask(turns, ann, decide(made.body.proposal_id))).toMatchObject({ ok: true });
  database.sqlite.exec("UPDATE members SET status = 'removed'");
  expect(await ask(turns, ann, decide(other.body.proposal_id))).toMatchObject({
    refusal: { code: 'project_not_found' },
  });
});

test('a key that another instance has used meanwhile gives that answer, not a second proposal', async () => {
  const [one, two] = [instance(), instance()];
  await ask(one, service, propose, 'first');
  const made = await ask(two, service, propose, 'same');
  expect(await ask(one, service, propose, 'same')).toEqual(made);
  const [row] = database.run([{ sql: 'SELECT count(*) AS n FROM proposals', params: [] }]);
  expect(row?.rows).toEqual([{ n: 2 }]);
});
