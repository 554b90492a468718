import type { FreezeScope } from '@countersign/protocol/fleet-requests';
import * as z from 'zod';
import { type CallApi, nextCursor, type Page, path, type View, viewSchema } from './call-api.ts';
import type { CallOptions, WriteOptions } from './http.ts';

const text = z.string().nullish();

const runnerSchema = z.looseObject({
  runner_id: z.string(),
  /** `online`, `draining`, `stale`, `archived`. */
  status: z.string(),
  runner_version: text,
  engines: z.array(z.string()).nullish(),
  source_ids: z.array(z.string()).nullish(),
  capabilities: z.array(z.string()).nullish(),
  /** Of the registry, as this runner has taken it. */
  control_digest: text,
  registered_at: text,
  started_at: text,
  last_seen_at: text,
  is_polling: z.boolean().nullish(),
  /** What it holds that has not ended. */
  active_leases: z.looseObject({ jobs: z.number(), actions: z.number(), tasks: z.number() }).nullish(),
  /** It is out of service, and holds nothing. */
  safe_to_stop: z.boolean().nullish(),
  /** Who took it out of service. */
  drained: z.looseObject({ name: text, reason: text, at: text }).nullish(),
  /** The freeze of this runner alone. */
  frozen: z.looseObject({ freeze_id: z.string(), is_stop: z.boolean() }).nullish(),
});
export type RunnerView = z.infer<typeof runnerSchema>;
const runnersSchema = z.looseObject({ runners: z.array(runnerSchema), ...nextCursor });
const oneRunnerSchema = z.looseObject({ runner: runnerSchema });

const pingSchema = z.looseObject({
  /** Whether it held a poll through which it could be asked. */
  is_polling: z.boolean(),
  /** Null where no next poll came in time. */
  round_trip_ms: z.number().nullable(),
});
export type Ping = z.infer<typeof pingSchema>;

const freezeSchema = z.looseObject({
  freeze_id: z.string(),
  scope: z.looseObject({ kind: z.string(), id: text }),
  is_stop: z.boolean(),
  reason: text,
  placed_by_name: text,
  placed_at: text,
  /** Null where it ends only when somebody lifts it. */
  until: text,
  /** `in_force`, or `lifting`: it holds nothing back any more. */
  state: text,
});
export type FreezeView = z.infer<typeof freezeSchema>;
const freezesSchema = z.looseObject({ is_stopped: z.boolean(), freezes: z.array(freezeSchema) });
export type Freezes = z.infer<typeof freezesSchema>;

const placedSchema = z.looseObject({
  freeze: freezeSchema,
  /** What was leased before may begin a write until then. */
  no_write_begins_after: z.string(),
  server_time: z.string(),
});
export type PlacedFreeze = z.infer<typeof placedSchema>;

const limitSchema = z.looseObject({
  name: z.string(),
  counts: text,
  /** `minute`; null where it is of how many there are at a time. */
  window: text,
  used: z.number(),
  limit: z.number(),
  /** When most of it was used up last. */
  neared_at: text,
});
export type LimitView = z.infer<typeof limitSchema>;
const limitsSchema = z.looseObject({ limits: z.array(limitSchema) });

const depthsSchema = z.record(z.string(), z.number());
const healthSchema = z.looseObject({
  /** How many changes wait, by what for; the same of actions and tasks. */
  depths: depthsSchema,
  actions: depthsSchema.nullish(),
  tasks: depthsSchema.nullish(),
  /** Since when what waits longest waits for a decision, and for a runner. */
  oldest: z.looseObject({ pending_review: text, queued: text }).nullish(),
  ledger: z.looseObject({ seq: z.number(), hash: text }).nullish(),
});
export type EngineHealth = z.infer<typeof healthSchema>;

const counts = z.array(z.number());
const waits = z.array(z.number().nullable());
const historySchema = z.looseObject({
  /** How many entries of the ledger it was told from. */
  entries: z.number(),
  since: z.string(),
  until: z.string(),
  /** In how many pieces of the same length that time is told; each list below has one number for each. */
  pieces: z.number(),
  applies: z.looseObject({ applied: counts, conflict: counts, failed: counts, other: counts }),
  queue_seconds: z.looseObject({ median: waits, longest: waits }),
  decision_seconds: z.looseObject({ median: waits, longest: waits }),
  lapses: z.looseObject({ changes: counts, actions: counts, tasks: counts }),
});
export type WorkHistory = z.infer<typeof historySchema>;

export interface NewFreeze {
  readonly scope: FreezeScope;
  readonly reason: string;
  /** RFC 3339; without it, it ends when somebody lifts it. */
  readonly until?: string;
}

/** Runners as an operator sees them, and what holds work back. Every method throws `ApiError`. */
export interface FleetApi {
  runners(page?: Page, options?: CallOptions): Promise<z.infer<typeof runnersSchema>>;
  runner(runnerId: string, options?: CallOptions): Promise<z.infer<typeof oneRunnerSchema>>;
  /** A round trip through the poll that a runner holds; it takes ten seconds where none comes back. */
  ping(runnerId: string, options?: CallOptions): Promise<Ping>;
  /** Takes a runner out of service, or with `undo` back into it. */
  drain(
    runnerId: string,
    how: { readonly reason?: string | undefined; readonly undo: boolean },
    options?: WriteOptions,
  ): Promise<View>;
  archive(runnerId: string, reason?: string, options?: WriteOptions): Promise<View>;
  /** Queue depths, and what the control plane tells of itself. */
  health(options?: CallOptions): Promise<EngineHealth>;
  /** How work went lately, in numbers. */
  history(options?: CallOptions): Promise<WorkHistory>;
  limits(options?: CallOptions): Promise<z.infer<typeof limitsSchema>>;
  freezes(options?: CallOptions): Promise<Freezes>;
  freeze(freeze: NewFreeze, options?: WriteOptions): Promise<PlacedFreeze>;
  lift(freezeId: string, reason: string, options?: WriteOptions): Promise<View>;
  /** The emergency stop: of everything, or of one runner. */
  stop(reason: string, runnerId?: string, options?: WriteOptions): Promise<PlacedFreeze>;
}

export function createFleetApi({ get, post }: CallApi): FleetApi {
  const withReason = (reason: string | undefined) => (reason === undefined ? {} : { reason });
  return {
    runners: (page = {}, options) => get('/v1/runners', runnersSchema, options, { ...page }),
    runner: (id, options) => get(path`/v1/runners/${id}`, oneRunnerSchema, options),
    ping: (id, options) => post(path`/v1/runners/${id}/ping`, {}, pingSchema, options),
    drain: (id, { reason, undo }, options) =>
      post(path`/v1/runners/${id}/drain`, { ...withReason(reason), undo }, viewSchema, options),
    archive: (id, reason, options) =>
      post(path`/v1/runners/${id}/archive`, withReason(reason), viewSchema, options),
    health: (options) => get('/v1/engine/health', healthSchema, options),
    history: (options) => get('/v1/engine/history', historySchema, options),
    limits: (options) => get('/v1/limits', limitsSchema, options),
    freezes: (options) => get('/v1/freezes', freezesSchema, options),
    freeze: (freeze, options) => post('/v1/freezes', freeze, placedSchema, options),
    lift: (id, reason, options) => post(path`/v1/freezes/${id}/lift`, { reason }, viewSchema, options),
    stop: (reason, runnerId, options) =>
      post(
        '/v1/stop',
        { reason, ...(runnerId === undefined ? {} : { runner_id: runnerId }) },
        placedSchema,
        options,
      ),
  };
}
