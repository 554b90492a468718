import * as z from 'zod';
import { LONGEST_WAIT_SECONDS } from './job-requests.ts';
import { principalScopeSchema } from './principal-scope.ts';
import {
  columnValueSchema,
  foreignIdSchema,
  identifierSchema,
  labelSchema,
  MOST_COLUMNS,
  rowSchema,
  scalarSchema,
  timestampSchema,
} from './values.ts';

/**
 * A rehearsal: a runner reads one row under the tenant guard, runs the exact guarded statement, rolls it back, and
 * tells what the reviewed columns were before and after. It changes nothing.
 */

export const MOST_REHEARSALS_A_CLAIM = 10;
/** Seconds until a proposal goes on without one. */
export const REHEARSAL_SECONDS = 10;

export const rehearsalClaimSchema = z.strictObject({
  source_id: foreignIdSchema,
  runner_id: foreignIdSchema,
  limit: z.int().min(1).max(MOST_REHEARSALS_A_CLAIM).default(1),
  wait_seconds: z.int().min(0).max(LONGEST_WAIT_SECONDS).default(0),
});
export type RehearsalClaim = z.infer<typeof rehearsalClaimSchema>;

/** What a runner is asked to rehearse. Strict: a runner refuses what it does not know. */
export const rehearsalSchema = z.strictObject({
  rehearsal_id: foreignIdSchema,
  proposal_id: foreignIdSchema,
  lease_id: z.string().min(1).max(200),
  /** Until when the answer counts. */
  expires_at: timestampSchema,
  source_id: foreignIdSchema,
  engine: z.enum(['postgres', 'mysql']),
  /** Who proposed: a runner bounds the rehearsals of each. */
  agent: labelSchema,
  target: z.strictObject({
    schema: identifierSchema,
    table: identifierSchema,
    primary_key: columnValueSchema,
    tenant_guard: columnValueSchema,
    principal_scope: principalScopeSchema.optional(),
  }),
  /** The only columns whose values may leave the network, besides the version. */
  visible_columns: z.array(identifierSchema).min(1).max(MOST_COLUMNS),
  version_column: identifierSchema,
  allowed_columns: z.array(identifierSchema).min(1).max(MOST_COLUMNS),
  patch: rowSchema,
});
export type Rehearsal = z.infer<typeof rehearsalSchema>;

export const rehearsalOutcomes = [
  /** The row is there, and the statement did what it says. */
  'done',
  /** No row has this key within the tenant. */
  'row_not_found',
  /** The runner's own configuration, or its rate limit for this agent, does not allow it. */
  'refused',
  /** The database would not: a constraint, a lock that somebody holds, a timeout. */
  'failed',
] as const;

export const rehearsalResultSchema = z
  .strictObject({
    rehearsal_id: foreignIdSchema,
    runner_id: foreignIdSchema,
    lease_id: z.string().min(1).max(200),
    status: z.enum(rehearsalOutcomes),
    /** Values of the visible columns, exactly: integers beyond 2^53, decimals and times as the database writes them. */
    before: rowSchema.optional(),
    after: rowSchema.optional(),
    /** The version before the change, as the job's conflict guard will have to name it. */
    version: scalarSchema.optional(),
    /** Milliseconds between the statement's lock and the rollback. */
    lock_held_ms: z.number().min(0).max(600_000).optional(),
    /** Why not, where the outcome is refused or failed: a code of the runner's closed lists. */
    error_code: z
      .string()
      .regex(/^[A-Z][A-Z0-9_]{0,99}$/)
      .optional(),
    rehearsed_at: timestampSchema,
  })
  .refine(
    (result) =>
      result.status !== 'done' ||
      (result.before !== undefined && result.after !== undefined && result.version !== undefined),
    'a rehearsal that is done has before, after and version',
  );
export type RehearsalResult = z.infer<typeof rehearsalResultSchema>;
