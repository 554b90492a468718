import type { ActionState } from '@countersign/protocol/action/action-requests';
import type { ProviderName } from '@countersign/protocol/action/providers';
import type { ActorKind } from '@countersign/protocol/entry-types';
import { sql } from 'drizzle-orm';
import { index, integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core';
import type { ConfirmRefused, LikelyDone, StoredOutcome, Told } from './actions/action-body.ts';
import type { Cause } from './proposals/cause.ts';
import type { Decision } from './proposals/decision.ts';
import type { Requirement } from './proposals/requirement.ts';

/** The tables of the outbox. As in `schema.ts`: WITHOUT ROWID, times in Unix milliseconds. */

/** An intended effect and its claim share a row, as a proposal and its job do. */
export const actions = sqliteTable(
  'actions',
  {
    tenant: text().notNull(),
    action_id: text().notNull(),
    /** The entry that holds what was asked for. */
    seq: integer().notNull(),
    name: text().notNull(),
    provider: text().$type<ProviderName>().notNull(),
    target: text().notNull(),
    /** Under which it was asked for; null in rows that are older than this column. */
    contract_id: text(),
    state: text().$type<ActionState>().notNull(),
    proposer_kind: text().$type<ActorKind>().notNull(),
    proposer_id: text().notNull(),
    principal_id: text().notNull(),
    effect_digest: text().notNull(),
    /** Of the effect and what it is about, without who wants it when: two that are equal are probably one. */
    effect_key: text().notNull(),
    order_key: text(),
    /** Another one of its order must end first. */
    is_behind: integer({ mode: 'boolean' }).notNull(),
    /** The proposal that must be applied first, until it is. */
    after_proposal: text(),
    /** The proposal whose approval decides it. */
    decided_with: text(),
    /** The step that it is in a run. */
    step_id: text(),
    requirements: text({ mode: 'json' }).$type<Requirement[]>().notNull(),
    decisions: text({ mode: 'json' }).$type<Decision[]>().notNull(),
    cause: text({ mode: 'json' }).$type<Cause>(),
    likely_done: text({ mode: 'json' }).$type<LikelyDone>(),
    created_at: integer().notNull(),
    updated_at: integer().notNull(),
    expires_at: integer().notNull(),
    most_attempts: integer().notNull(),
    /** Claims so far. */
    attempt: integer().notNull(),
    /** Those that count: a claim that was given back does not. */
    charged: integer().notNull(),
    queued_at: integer(),
    /** The entry that put it where it waits: what came first goes first. */
    queued_seq: integer(),
    not_before: integer(),
    /** The freeze that has moved it out of its queue. */
    frozen_by: text(),
    claim_id: text(),
    claim_runner: text(),
    claim_credential: text(),
    claim_expires_at: integer(),
    /** When the attempt that holds the claim may have reached the provider. */
    claim_begun_at: integer(),
    /** When one first may have of which nobody knows what came. */
    begun_at: integer(),
    /** The newest outcome that was accepted. */
    result: text({ mode: 'json' }).$type<StoredOutcome>(),
    /** The newest outcome that was not, because it came too late. */
    refused: text({ mode: 'json' }).$type<ConfirmRefused>(),
    /** Which claims have said how they ended, and what, as a digest. */
    told: text({ mode: 'json' }).$type<Told[]>().notNull(),
    tip_seq: integer().notNull(),
    tip_hash: text().notNull(),
    /** `review`, `tied`, `later`, `order/<key>`, `queue/<target>`, `frozen/<freeze>`, `lease`, `unknown`, `dead/<target>`, or nowhere. */
    lane: text(),
    rank: integer(),
  },
  (table) => [
    primaryKey({ columns: [table.tenant, table.action_id] }),
    index('actions_by_lane').on(table.tenant, table.lane, table.rank).where(sql`lane IS NOT NULL`),
  ],
);

/** The actions of each effect that have had it or still may, the eldest first. */
export const effects = sqliteTable(
  'effects',
  {
    tenant: text().notNull(),
    key: text().notNull(),
    actions: text({ mode: 'json' }).$type<string[]>().notNull(),
  },
  (table) => [primaryKey({ columns: [table.tenant, table.key] })],
);

/** Whose turn it is in an order; nobody's where the holder is null. */
export const orders = sqliteTable(
  'orders',
  { tenant: text().notNull(), key: text().notNull(), holder: text() },
  (table) => [primaryKey({ columns: [table.tenant, table.key] })],
);

/** An account at a provider, as far as it is in trouble: the circuit breaker before it. */
export const targets = sqliteTable(
  'targets',
  {
    tenant: text().notNull(),
    target: text().notNull(),
    state: text().$type<'closed' | 'open' | 'trying'>().notNull(),
    /** Attempts in a row that came to nothing by the provider's fault. */
    failures: integer().notNull(),
    /** Until when nothing is handed out, or the one trial has time. */
    until: integer(),
    rest_ms: integer().notNull(),
    /** The action that is tried, while it is. */
    trial: text(),
    dead_letters: integer().notNull(),
    /** Until when dead letters that were brought back are spread. */
    recovers_until: integer(),
    tip_seq: integer().notNull(),
    tip_hash: text().notNull(),
  },
  (table) => [primaryKey({ columns: [table.tenant, table.target] })],
);

export type ActionRow = typeof actions.$inferSelect;
export type TargetRow = typeof targets.$inferSelect;
