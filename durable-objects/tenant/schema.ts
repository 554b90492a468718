import type { ActorKind, EntryType } from '@countersign/protocol/entry-types';
import type { JobState, ProposalState } from '@countersign/protocol/proposal-requests';
import { sql } from 'drizzle-orm';
import { check, index, integer, primaryKey, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core';
import type { RememberedKey } from './idempotency/remembered-key.ts';
import type { StoredResult } from './jobs/stored-result.ts';
import type { Cause } from './proposals/cause.ts';
import type { Decision } from './proposals/decision.ts';
import type { Remark } from './proposals/remark.ts';
import type { Requirement } from './proposals/requirement.ts';
import type { TiedAction } from './proposals/tied-action.ts';
import type { RehearsalState } from './rehearsals/rehearsal-state.ts';
import type { Drained } from './runners/drained.ts';
import type { Counters } from './turn/head.ts';

/**
 * The D1 schema. Every table is WITHOUT ROWID (the migration script adds it; drizzle cannot say it), because each
 * row and each index entry touched is billed and a rowid table pays for its key twice. Times are Unix
 * milliseconds. Rows of a tenant are written by its tenant object alone, and only behind the head's guard.
 */

/** The directory: the only table that the gateway reads. */
export const tenants = sqliteTable(
  'tenants',
  {
    tenant: text().notNull().primaryKey(),
    label: text().notNull(),
    shard: text().notNull(),
    region: text().notNull(),
    /** Where its object and rows must stay; null where they may be anywhere. */
    jurisdiction: text(),
    status: text().$type<'provisioning' | 'active' | 'suspended'>().notNull(),
    /** The person who asked for it; null for one that was made by hand. */
    owner: text(),
    created_at: integer().notNull(),
  },
  (table) => [
    uniqueIndex('tenants_by_label').on(table.label),
    index('tenants_by_owner').on(table.owner).where(sql`owner IS NOT NULL`),
    // Of use to the build before alone, which counts by it.
    index('tenants_by_shard').on(table.shard),
  ],
);

/**
 * How many lines of the directory each database has, kept by triggers of the migration: whoever places a tenant would else
 * count them all, each time.
 */
export const shards = sqliteTable('shards', {
  shard: text().notNull().primaryKey(),
  held: integer().notNull(),
});

/** One row a tenant, moved by every write: who holds the newest one may write, and nobody else. */
export const heads = sqliteTable('heads', {
  tenant: text().notNull().primaryKey(),
  turn: integer().notNull(),
  nonce: text().notNull(),
  seq: integer().notNull(),
  hash: text().notNull(),
  counters: text({ mode: 'json' }).$type<Partial<Counters>>().notNull(),
});

/** Can never hold a row: trying to insert one is how a batch of a stale writer fails whole. */
export const staleWriter = sqliteTable('stale_writer', { turn: integer().notNull().primaryKey() }, () => [
  check('stale_writer', sql`turn IS NULL`),
]);

export const ledger = sqliteTable(
  'ledger',
  {
    tenant: text().notNull(),
    seq: integer().notNull(),
    at: integer().notNull(),
    actor_kind: text().$type<ActorKind>().notNull(),
    actor_id: text().notNull(),
    type: text().$type<EntryType>().notNull(),
    subject: text().notNull(),
    body: text().notNull(),
    prev_hash: text().notNull(),
    prev_subject_seq: integer(),
    prev_subject_hash: text(),
    hash: text().notNull(),
    /** The batch that wrote it, as in the head; no part of what is hashed, and empty in entries older than it. */
    nonce: text().notNull().default(''),
  },
  (table) => [primaryKey({ columns: [table.tenant, table.seq] })],
);

/**
 * A proposal, its one job and that job's lease share a row: each further row or index entry is paid for at every
 * step. The key is the sequence of the entry that submitted it, where its change set lies.
 */
export const proposals = sqliteTable(
  'proposals',
  {
    tenant: text().notNull(),
    seq: integer().notNull(),
    proposal_id: text().notNull(),
    source_id: text().notNull(),
    state: text().$type<ProposalState>().notNull(),
    proposer_kind: text().$type<ActorKind>().notNull(),
    proposer_id: text().notNull(),
    principal_id: text().notNull(),
    /** Under which it was proposed; null in rows that are older than this column. */
    contract_id: text(),
    proposal_hash: text().notNull(),
    effect_digest: text().notNull(),
    writable: integer({ mode: 'boolean' }).notNull(),
    /** What its approvals must fulfil, all of it. */
    requirements: text({ mode: 'json' }).$type<Requirement[]>().notNull().default([]),
    /** Raised by every change of the effect, which takes all approvals back. */
    version: integer().notNull().default(1),
    /** The entry that holds the newest request or submission. */
    body_seq: integer().notNull().default(0),
    /** The newest rehearsal: asked for, under way, or how it ended. */
    rehearsal: text({ mode: 'json' }).$type<RehearsalState>(),
    /** Questions of reviewers and what the proposer answered, oldest first. */
    conversation: text({ mode: 'json' }).$type<Remark[]>().notNull().default([]),
    /** Why it was refused, or why it needs whom it needs: as policies or the contract said. */
    cause: text({ mode: 'json' }).$type<Cause>(),
    decisions: text({ mode: 'json' }).$type<Decision[]>().notNull(),
    created_at: integer().notNull(),
    updated_at: integer().notNull(),
    expires_at: integer().notNull(),
    job_state: text().$type<JobState>(),
    attempt: integer().notNull(),
    charged: integer().notNull(),
    queued_at: integer(),
    not_before: integer(),
    /** The freeze that has moved it out of its queue. */
    frozen_by: text(),
    lease_id: text(),
    lease_runner: text(),
    lease_expires_at: integer(),
    result: text({ mode: 'json' }).$type<StoredResult>(),
    /** The newest report that contradicts the result, for a person to settle. */
    discrepancy: text({ mode: 'json' }).$type<StoredResult>(),
    /** The step that it is in a run. */
    step_id: text(),
    /** Actions that wait for it, or are decided with it. */
    tied: text({ mode: 'json' }).$type<TiedAction[]>().notNull().default([]),
    tip_seq: integer().notNull(),
    tip_hash: text().notNull(),
    remembered: text({ mode: 'json' }).$type<RememberedKey[]>().notNull(),
    /** Where the row waits: `review`, `rehearse/<source>`, `queue/<source>`, `frozen/<freeze>`, `later`, `lease`, `dead`, `unknown`, or nowhere. */
    lane: text(),
    /** The order in the lane: a time, of expiry or of queueing. */
    rank: integer(),
  },
  (table) => [
    primaryKey({ columns: [table.tenant, table.seq] }),
    index('proposals_by_lane').on(table.tenant, table.lane, table.rank).where(sql`lane IS NOT NULL`),
  ],
);

/** Ids that clients made at random key this narrow row only. */
export const proposalIds = sqliteTable(
  'proposal_ids',
  { tenant: text().notNull(), proposal_id: text().notNull(), seq: integer().notNull() },
  (table) => [primaryKey({ columns: [table.tenant, table.proposal_id] })],
);

/**
 * First answers of calls that created something, by day and key; those about an existing proposal lie in its row.
 */
export const idempotency = sqliteTable(
  'idempotency',
  {
    tenant: text().notNull(),
    key: text().notNull(),
    request: text().notNull(),
    status: integer().notNull(),
    answer: text().notNull(),
  },
  (table) => [primaryKey({ columns: [table.tenant, table.key] })],
);

export const sources = sqliteTable(
  'sources',
  {
    tenant: text().notNull(),
    source_id: text().notNull(),
    name: text().notNull(),
    engine: text().$type<'postgres' | 'mysql'>().notNull(),
  },
  (table) => [primaryKey({ columns: [table.tenant, table.source_id] })],
);

export const members = sqliteTable(
  'members',
  {
    tenant: text().notNull(),
    /** `<issuer> <subject>`: who the identity provider says this is. */
    person: text().notNull(),
    name: text().notNull(),
    roles: text({ mode: 'json' }).$type<string[]>().notNull(),
    approval_roles: text({ mode: 'json' }).$type<string[]>().notNull(),
    status: text().$type<'active' | 'removed'>().notNull(),
    tip_seq: integer().notNull().default(0),
    tip_hash: text().notNull().default(''),
  },
  (table) => [primaryKey({ columns: [table.tenant, table.person] })],
);

/** An offer of membership; the code is shown once and kept as a digest. */
export const invitations = sqliteTable(
  'invitations',
  {
    tenant: text().notNull(),
    invitation_id: text().notNull(),
    digest: text().notNull(),
    name: text().notNull(),
    roles: text({ mode: 'json' }).$type<string[]>().notNull(),
    approval_roles: text({ mode: 'json' }).$type<string[]>().notNull(),
    status: text().$type<'open' | 'accepted' | 'revoked'>().notNull(),
    created_at: integer().notNull(),
    expires_at: integer().notNull(),
    tip_seq: integer().notNull(),
    tip_hash: text().notNull(),
  },
  (table) => [primaryKey({ columns: [table.tenant, table.invitation_id] })],
);

export const credentials = sqliteTable(
  'credentials',
  {
    tenant: text().notNull(),
    credential_id: text().notNull(),
    kind: text().$type<'runner' | 'agent' | 'service'>().notNull(),
    name: text().notNull(),
    digest: text().notNull(),
    sources: text({ mode: 'json' }).$type<string[]>().notNull(),
    permissions: text({ mode: 'json' }).$type<string[]>().notNull(),
    status: text().$type<'active' | 'retiring' | 'revoked'>().notNull(),
    expires_at: integer(),
    /** Values of hidden bindings, which no caller can set: the tenant and principal that an agent acts for. */
    bindings: text({ mode: 'json' }).$type<{ [name: string]: string }>().notNull().default({}),
    /** The capabilities that an agent may propose; null is all that are in force. */
    capabilities: text({ mode: 'json' }).$type<string[]>(),
    /** Accounts at providers that a worker may act on, by the names that contracts have for them. */
    targets: text({ mode: 'json' }).$type<string[]>().notNull().default([]),
    /** Whose tasks it may work at. */
    handlers: text({ mode: 'json' }).$type<string[]>().notNull().default([]),
    created_at: integer().notNull().default(0),
    /** `<kind>:<id>` of whoever issued it, who therefore may have its secret. */
    issued_by: text().notNull().default(''),
    /** At most once in ten minutes, and only with a turn that writes anyway. */
    last_used_at: integer(),
    tip_seq: integer().notNull().default(0),
    tip_hash: text().notNull().default(''),
  },
  (table) => [primaryKey({ columns: [table.tenant, table.credential_id] })],
);

export const runners = sqliteTable(
  'runners',
  {
    tenant: text().notNull(),
    runner_id: text().notNull(),
    version: text().notNull(),
    engines: text({ mode: 'json' }).$type<string[]>().notNull(),
    sources: text({ mode: 'json' }).$type<string[]>().notNull(),
    capabilities: text({ mode: 'json' }).$type<string[]>().notNull(),
    status: text().$type<'online' | 'draining' | 'archived'>().notNull(),
    registered_at: integer().notNull(),
    /** When it introduced itself last, which each of its processes does first of all. */
    started_at: integer(),
    last_seen_at: integer().notNull(),
    /** Who takes it out of service, where that is not itself: its own word does not undo it. */
    drained: text({ mode: 'json' }).$type<Drained>(),
    /** The credential that it registered with. */
    registered_by: text(),
    /** Of the registry that it said it works with. */
    control_digest: text(),
    tip_seq: integer().notNull(),
    tip_hash: text().notNull(),
  },
  (table) => [primaryKey({ columns: [table.tenant, table.runner_id] })],
);

/** Which events of runners are recorded already, by their natural key (PROTOCOL 3.11). */
export const activity = sqliteTable(
  'activity',
  {
    tenant: text().notNull(),
    runner_id: text().notNull(),
    event_id: text().notNull(),
    seq: integer().notNull(),
    digest: text().notNull(),
  },
  (table) => [primaryKey({ columns: [table.tenant, table.runner_id, table.event_id] })],
);

export type Head = typeof heads.$inferSelect;
export type LedgerRow = typeof ledger.$inferSelect;
export type ProposalRow = typeof proposals.$inferSelect;
export type IdempotencyRow = typeof idempotency.$inferSelect;
export type SourceRow = typeof sources.$inferSelect;
export type MemberRow = typeof members.$inferSelect;
export type CredentialRow = typeof credentials.$inferSelect;
export type InvitationRow = typeof invitations.$inferSelect;
export type RunnerRow = typeof runners.$inferSelect;
export type ActivityRow = typeof activity.$inferSelect;
