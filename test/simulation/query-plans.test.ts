import { ExpressionStatistics } from '@countersign/durable-objects/tenant/policies/expression-statistics';
import { runLook } from '@countersign/durable-objects/tenant/queries/run-look';
import type { Database, Statement } from '@countersign/durable-objects/tenant/storage/database';
import type { Ask, Caller, Look } from '@countersign/durable-objects/tenant/turn/command';
import { Turns } from '@countersign/durable-objects/tenant/turn/turns';
import {
  claimAnswerSchema,
  claimRequestSchema,
  resultRequestSchema,
} from '@countersign/protocol/job-requests';
import { usualLimits } from '@countersign/protocol/limits';
import type { Rehearsal } from '@countersign/protocol/rehearsal';
import {
  activitySchema,
  registrationSchema,
  runnerProposalSchema,
} from '@countersign/protocol/runner-messages';
import { expect, test } from 'vitest';
import { SOURCE } from '../support/change-set.ts';
import { SqliteDatabase } from '../support/sqlite-database.ts';
import { agentChangeSet, runnerChangeSet } from './actors/change.ts';
import { foundTenant, pushOf } from './found-tenant.ts';
import { ADJUST, CLOSE, CONTRACT_ID, editions, SMALL } from './law.ts';
import {
  agents,
  approvers,
  auditor,
  BEGINNING,
  operator,
  owner,
  runnerSeats,
  SOURCES,
  service,
  TENANT,
} from './tenant.ts';

/**
 * The planner decides how many rows a statement reads, and rows read are billed. So every statement that a lifecycle
 * sends is explained: each table of ours is searched by a key or by the head of an index, never scanned, and never
 * by the tenant alone.
 */

/** Ranges that end at a LIMIT or at the end of what they are about. */
const boundedRanges = [
  /^SEARCH p USING (COVERING )?INDEX proposals_by_lane \(tenant=\? AND lane=\?\)$/,
  /^SEARCH proposals USING (COVERING )?INDEX proposals_by_lane \(tenant=\? AND lane=\?( AND rank[<>]\?)?\)$/,
  /^SEARCH p USING (COVERING )?INDEX proposals_by_lane \(tenant=\? AND lane=\? AND \(rank,seq\)>\(\?,\?\)\)$/,
  /^SEARCH p USING COVERING INDEX proposals_by_lane \(tenant=\? AND lane=\? AND rank>\?\)$/,
  /^SEARCH p USING INDEX proposals_by_lane \(tenant=\? AND lane=\? AND rank<\?\)$/,
  /^SEARCH p USING PRIMARY KEY \(tenant=\? AND seq<\?\)$/,
  /^SEARCH c USING PRIMARY KEY \(tenant=\? AND (key<|contract_id>)\?\)$/,
  /^SEARCH l USING PRIMARY KEY \(tenant=\? AND seq>\?\)$/,
  // A window of it, that ends at a LIMIT too.
  /^SEARCH l USING PRIMARY KEY \(tenant=\? AND seq>\? AND seq<\?\)$/,
  /^SEARCH ledger USING PRIMARY KEY \(tenant=\? AND seq>\? AND seq<\?\)$/,
  /^SEARCH i USING PRIMARY KEY \(tenant=\? AND key<\?\)$/,
  /^SEARCH r USING PRIMARY KEY \(tenant=\? AND runner_id>\?\)$/,
  // As many as the tenant has people, and accounts at providers.
  /^SEARCH (m|tg) USING PRIMARY KEY \(tenant=\?\)$/,
  /^SEARCH a USING (COVERING )?INDEX actions_by_lane \(tenant=\? AND lane=\?( AND rank[<>]\?)?\)$/,
  /^SEARCH a USING INDEX actions_by_lane \(tenant=\? AND lane>\? AND lane<\?\)$/,
  /^SEARCH a USING PRIMARY KEY \(tenant=\? AND action_id[<>]\?\)$/,
  // The queues behind the mark of a freeze, a page at a time.
  /^SEARCH t USING INDEX (proposals|actions)_by_lane \(tenant=\? AND \(lane,rank,(seq|action_id)\)>\(\?,\?,\?\) AND lane<\?\)$/,
  // The next lane behind one, and no more: each such search ends at its first row.
  /^SEARCH t USING COVERING INDEX (proposals|actions|steps)_by_lane \(tenant=\? AND lane>\? AND lane<\?\)$/,
  // What a limit bounds, counted where one more is made.
  /^SEARCH counted USING .*\(tenant=\?\)$/,
  // The sources and runners of a tenant are few, and the capabilities are read for a list of all.
  /^SEARCH [scr] USING PRIMARY KEY \(tenant=\?\)$/,
];
const tables =
  /\b(activity|capabilities|contracts|contract_versions|counters|credentials|heads|idempotency|invitations|ledger|members|policies|proposal_ids|proposals|runners|settings|sources|tenants|[parlihsmtcv])\b/;

class ExplainingDatabase implements Database {
  readonly seen = new Map<string, string[]>();
  readonly #inner = new SqliteDatabase();

  /** With a tenant that has a contract in force. */
  static async founded(): Promise<ExplainingDatabase> {
    const database = new ExplainingDatabase();
    await foundTenant(database.#inner, 'plans');
    return database;
  }

  /** Rows, looked up past what is explained. */
  query(sql: string) {
    return this.#inner.run([{ sql, params: [TENANT] }])[0]?.rows ?? [];
  }

  async batch(statements: readonly Statement[]) {
    for (const { sql, params } of statements) {
      const plan = this.#inner.sqlite.prepare(`EXPLAIN QUERY PLAN ${sql}`).all(...params);
      this.seen.set(
        sql,
        plan.map(({ detail }) => String(detail)),
      );
    }
    return this.#inner.batch(statements);
  }
}

function isKeyed(detail: string): boolean {
  const [verb, name = ''] = detail.split(' ');
  if (verb === 'SCAN')
    return !tables.test(name) || /VIRTUAL TABLE/.test(detail) || ['s', 'k', 'v', 'story'].includes(name);
  if (verb !== 'SEARCH') return true;
  if (boundedRanges.some((range) => range.test(detail))) return true;
  const keys = /\((.*)\)/.exec(detail)?.[1] ?? '';
  return keys === 'tenant=?' ? / heads | h USING/.test(detail) : !/[<>]/.test(keys);
}

test('every statement of a lifecycle searches by key', async () => {
  const database = await ExplainingDatabase.founded();
  let now = BEGINNING;
  let batches = 0;
  const turns = new Turns(TENANT, {
    database,
    now: () => now,
    nonce: () => {
      batches += 1;
      return `n${batches}`;
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
  const [agent] = agents;
  const [ann] = approvers;
  const runner: Caller = runnerSeats[0]?.caller ?? agent;
  const ask = async (caller: Caller, asked: Ask, key?: string) => {
    const reply = await turns.submit({
      caller,
      ask: asked,
      key: key === undefined ? null : { key, request: key },
    });
    if (!reply.ok) throw new Error(`${asked.type}: ${reply.refusal.code}`);
    return reply.body;
  };
  const expressions = new ExpressionStatistics(() => 0);
  const look = async (caller: Caller, asked: Look) => {
    const memory = {
      vitals: () => ({ startedAt: now, heldPolls: 0, waitingCommands: 0, tally: turns.tally, expressions }),
      workings: () => ({ record: turns.record, alarmAt: async () => null }),
      surroundings: () => ({ database, shard: 'DB', ownBytes: () => 0, now: () => now }),
      limits: () => ({ limits: usualLimits, used: new Map() }),
      polling: () => new Set<string>(),
      ping: async () => undefined,
      live: {
        room: () => ({ isAdmitted: true, near: [], urgency: 'ordinary' }) as const,
        keep: () => now,
      },
      index: () => {
        throw new TypeError('the index has statements of its own');
      },
      later: () => undefined,
      rest: async () => undefined,
    };
    const reply = await runLook(database, TENANT, { caller, ask: asked, key: null }, memory, now);
    if (!reply.ok) throw new Error(`${asked.type}: ${reply.refusal.code}`);
  };
  const change = {
    sourceId: SOURCE,
    row: 'row-1',
    version: 1,
    value: 5,
    approvals: 1,
    mode: 'review_required',
  } as const;
  /** Asked by an agent, seen by a runner. */
  const rehearsed = async (capability: string): Promise<string> => {
    const args = { row: 'row-1', fee: 5 };
    const made = await ask(agent, { type: 'request', request: { capability, args } }, capability);
    for (const source_id of SOURCES) await rehearse(source_id);
    return String(made.proposal_id);
  };
  const rehearse = async (source_id: string) => {
    const request = { source_id, runner_id: 'run_a', limit: 10, wait_seconds: 0 };
    const { rehearsals } = await ask(runner, { type: 'claim-rehearsals', request, waiterId: null });
    for (const { rehearsal_id, lease_id } of rehearsals as Rehearsal[]) {
      const before = { fee: 0, status: 'open' };
      const seen = { status: 'done', before, after: before, version: 1 } as const;
      const result = { rehearsal_id, lease_id, runner_id: 'run_a', ...seen, rehearsed_at: iso(now) };
      await ask(runner, { type: 'report-rehearsal', rehearsalId: rehearsal_id, request: result });
    }
  };
  const registration = registrationSchema.parse({
    schema_version: 'synapsor.runner-registration.v1',
    runner_id: 'run_a',
    runner_version: '1',
    engines: ['postgres'],
    capabilities: ['writeback:claim'],
    scope: { project_id: TENANT, source_ids: [SOURCE] },
    registered_at: '2026-01-01T00:00:00Z',
  });
  await ask(runner, { type: 'register', request: registration });
  const [inForce] = database.query('SELECT * FROM capabilities WHERE tenant = ?1 LIMIT 1');
  await ask(runner, {
    type: 'submit',
    request: runnerProposalSchema.parse({
      schema_version: 'synapsor.runner-proposal.v1',
      runner_id: 'run_a',
      source_id: SOURCE,
      contract: {
        contract_id: CONTRACT_ID,
        contract_version_id: inForce?.version_id,
        digest: inForce?.digest,
      },
      change_set: runnerChangeSet({ ...change, proposalId: 'wrp_aaaa' }, '2026-01-01T00:00:00.000Z'),
    }),
  });
  for (const capability of [...ADJUST, CLOSE]) {
    const asked = await rehearsed(capability);
    await ask(ann, { type: 'look', proposalId: asked });
    for (const source_id of SOURCES) await rehearse(source_id);
    await ask(ann, { type: 'send-back', proposalId: asked, question: 'why?', effectDigest: null });
    const better = { args: { row: 'row-1', fee: 6 }, answer: 'better' };
    await ask(agent, { type: 'revise', proposalId: asked, request: better });
  }
  await rehearsed(SMALL);
  await ask(owner, pushOf('plans', editions[1], true));
  await ask(agent, { type: 'request', request: { capability: SMALL, args: { row: 'row-2', fee: 5 } } });
  now += 20_000;
  await ask({ kind: 'system' }, { type: 'sweep' });
  await ask(owner, pushOf('plans', editions[0], true));
  const complete = { source_id: SOURCE, change_set: agentChangeSet(change) };
  const made = await ask(service, { type: 'propose', request: complete }, 'k1');
  const proposalId = String(made.proposal_id);
  const decision = {
    type: 'decide',
    proposalId,
    verdict: 'approved',
    reason: null,
    effectDigest: null,
  } as const;
  await ask(ann, decision, 'k2');
  const request = claimRequestSchema.parse({ source_id: SOURCE, runner_id: 'run_a', limit: 10 });
  const claimed = claimAnswerSchema.parse(await ask(runner, { type: 'claim', request, waiterId: null }));
  const [job] = claimed.jobs;
  if (job === undefined) throw new Error('no job was leased');
  const { job_id: jobId, lease_id } = job;
  await ask(runner, { type: 'renew', jobId, request: { runner_id: 'run_a', lease_id, lease_seconds: 60 } });
  const result = { protocol_version: '1.0', job_id: jobId, runner_id: 'run_a', lease_id, status: 'applied' };
  await ask(runner, { type: 'report', jobId, request: resultRequestSchema.parse(result) });
  const event = {
    schema_version: 'synapsor.runner-activity.v1',
    event_id: 'e1',
    event_type: 'evidence.recorded',
  };
  const activity = activitySchema.parse({
    ...event,
    runner_id: 'run_a',
    source_id: SOURCE,
    proposal_id: proposalId,
  });
  await ask(runner, { type: 'record', request: activity });
  now += 30 * 86_400_000;
  await ask({ kind: 'system' }, { type: 'sweep' });
  await look(auditor, { type: 'read-proposal', proposalId });
  await look(auditor, { type: 'read-proposal', proposalId: 'wrp_aaaa' });
  await look(auditor, { type: 'replay-proposal', proposalId });
  await look(auditor, { type: 'list-proposals', query: { limit: 50 } });
  await look(auditor, {
    type: 'list-proposals',
    query: { limit: 50, status: 'pending_review', cursor: '1.1' },
  });
  await look(auditor, {
    type: 'list-writebacks',
    query: { limit: 50, job_status: 'queued', source_id: SOURCE },
  });
  await look(auditor, { type: 'read-ledger', limit: 50, cursor: null });
  await look(auditor, { type: 'watch-live', wish: { kind: 'follow', from: { after: 1, hash: null } } });
  await look(auditor, { type: 'read-evidence', proposalId });
  await look(auditor, { type: 'export-ledger', proposalId, after: 0, through: null });
  await look(auditor, { type: 'export-ledger', proposalId: null, after: 0, through: null });
  const filter = { status: null, capability: null, source: null, from: null, to: null };
  const events = { type: 'list-activity', filter, limit: 50, cursor: null } as const;
  await look(auditor, { ...events, lookup: null });
  await look(auditor, { ...events, lookup: proposalId });
  await look(auditor, { type: 'read-activity', id: proposalId });
  await look(operator, { type: 'list-runners', limit: 50, cursor: null });
  await look(operator, { type: 'list-runners', limit: 50, cursor: null, order: 'newest' });
  await look(operator, { type: 'engine-health', hasDetails: true });
  await look(operator, { type: 'engine-history' });
  await look(runner, { type: 'read-runner-proposal', proposalId: 'wrp_aaaa' });
  await look(runner, { type: 'runner-doctor' });
  const contractId = CONTRACT_ID;
  const versionId = String(inForce?.version_id);
  await look(agent, { type: 'list-capabilities' });
  await look(owner, { type: 'list-contracts', limit: 50, cursor: null });
  await look(owner, { type: 'read-contract', contractId });
  await look(owner, { type: 'read-version', contractId, versionId });
  await look(owner, { type: 'diff-versions', contractId, from: versionId, to: versionId });
  const unkeyed = [...database.seen].flatMap(([sql, plan]) =>
    plan.filter((detail) => !isKeyed(detail)).map((detail) => `${detail} <- ${sql.slice(0, 200)}`),
  );
  expect(unkeyed).toEqual([]);
  expect(database.seen.size).toBeGreaterThan(25);
});

function iso(time: number): string {
  return new Date(time).toISOString();
}
