import type { ControlKind } from '@countersign/protocol/control/control-document';
import type { ActorKind } from '@countersign/protocol/entry-types';
import type { RunState, StepKind, StepState } from '@countersign/protocol/run/run-requests';
import type { Plan } from '@countersign/protocol/run/task';
import { sql } from 'drizzle-orm';
import { index, integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core';
import type { ControlVersion } from './control/control-body.ts';
import type { Cause } from './proposals/cause.ts';
import type { Ending, Progress, StoredArtifact, TaskTold } from './runs/run-body.ts';

/** The tables of agent runs and of the registry they are steered by. As in `schema.ts`: WITHOUT ROWID, Unix milliseconds. */

/** What a command became. Everything that happens in it is one chain of entries, of which this row is the end. */
export const runs = sqliteTable(
  'runs',
  {
    tenant: text().notNull(),
    run_id: text().notNull(),
    /** The entry that holds what was asked for. */
    seq: integer().notNull(),
    command: text().notNull(),
    state: text().$type<RunState>().notNull(),
    proposer_kind: text().$type<ActorKind>().notNull(),
    proposer_id: text().notNull(),
    /** Credentials of other agents that may add to it. */
    agents: text({ mode: 'json' }).$type<string[]>().notNull(),
    ends: text().$type<Ending>().notNull(),
    steps: integer().notNull(),
    /** Steps that have not ended. */
    open: text({ mode: 'json' }).$type<string[]>().notNull(),
    /** Steps that did not succeed, and that nothing was to follow however they ended. */
    failed: integer().notNull(),
    /** Bytes of what its tasks were given and came to. */
    bytes: integer().notNull(),
    /** The newest version of each artifact. */
    artifacts: text({ mode: 'json' }).$type<Record<string, number>>().notNull(),
    /** Why it ended as it did. */
    cause: text({ mode: 'json' }).$type<Cause>(),
    created_at: integer().notNull(),
    updated_at: integer().notNull(),
    expires_at: integer().notNull(),
    tip_seq: integer().notNull(),
    tip_hash: text().notNull(),
    /** `open`, or nowhere. */
    lane: text(),
    rank: integer(),
  },
  (table) => [
    primaryKey({ columns: [table.tenant, table.run_id] }),
    index('runs_by_lane').on(table.tenant, table.lane, table.rank).where(sql`lane IS NOT NULL`),
  ],
);

/** A step of a run. A task and its claim are the step's own row, as a proposal and its job share one. */
export const steps = sqliteTable(
  'steps',
  {
    tenant: text().notNull(),
    step_id: text().notNull(),
    run_id: text().notNull(),
    /** The entry that added it. */
    seq: integer().notNull(),
    /** Its place in the run, from 1. */
    number: integer().notNull(),
    kind: text().$type<StepKind>().notNull(),
    title: text(),
    state: text().$type<StepState>().notNull(),
    parents: text({ mode: 'json' }).$type<string[]>().notNull(),
    once: text().$type<'succeeded' | 'ended'>().notNull(),
    children: text({ mode: 'json' }).$type<string[]>().notNull(),
    /** The proposal or action that it is. */
    linked: text(),
    artifact: text({ mode: 'json' }).$type<StoredArtifact>(),
    /** Of a task: what is to be done. */
    task: text(),
    plan: text({ mode: 'json' }).$type<Plan>(),
    most_attempts: integer().notNull(),
    attempt: integer().notNull(),
    /** Attempts that count: a claim that was given back does not. */
    charged: integer().notNull(),
    queued_seq: integer(),
    not_before: integer(),
    claim_id: text(),
    claim_runner: text(),
    claim_credential: text(),
    claim_expires_at: integer(),
    progress: text({ mode: 'json' }).$type<Progress>(),
    /** The entry that holds what the task came to. */
    result_seq: integer(),
    /** What the last worker that said something said, so that the same word again is known. */
    told: text({ mode: 'json' }).$type<TaskTold>(),
    /** Why it ended, or was put back, other than by its own success. */
    cause: text({ mode: 'json' }).$type<Cause>(),
    created_at: integer().notNull(),
    updated_at: integer().notNull(),
    /** `task/<handler>`, `later`, `lease`, or nowhere. */
    lane: text(),
    rank: integer(),
  },
  (table) => [
    primaryKey({ columns: [table.tenant, table.step_id] }),
    index('steps_by_lane').on(table.tenant, table.lane, table.rank).where(sql`lane IS NOT NULL`),
    index('steps_by_run').on(table.tenant, table.run_id, table.number),
  ],
);

/** A piece of the registry: a prompt, skill, tool, route or arbiter, with all its versions. */
export const controls = sqliteTable(
  'controls',
  {
    tenant: text().notNull(),
    /** `<kind>/<name>`. */
    key: text().notNull(),
    kind: text().$type<ControlKind>().notNull(),
    name: text().notNull(),
    /** Oldest first. Their documents lie in their entries. */
    versions: text({ mode: 'json' }).$type<ControlVersion[]>().notNull(),
    active: integer(),
    status: text().$type<'draft' | 'active' | 'retired'>().notNull(),
    updated_at: integer().notNull(),
    tip_seq: integer().notNull(),
    tip_hash: text().notNull(),
  },
  (table) => [primaryKey({ columns: [table.tenant, table.key] })],
);

/** What steers agents and what they may do, each time that it changed: contracts, policies, and the registry. */
export const controlChanges = sqliteTable(
  'control_changes',
  {
    tenant: text().notNull(),
    /** The revision, with leading zeros, so that it sorts. */
    revision: text().notNull(),
    seq: integer().notNull(),
  },
  (table) => [primaryKey({ columns: [table.tenant, table.revision] })],
);

export type RunRow = typeof runs.$inferSelect;
export type StepRow = typeof steps.$inferSelect;
export type ControlRow = typeof controls.$inferSelect;
