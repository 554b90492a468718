import type { RequestAction } from '@countersign/protocol/action/action-requests';
import * as z from 'zod';
import { type CallApi, nextCursor, type Page, path, type View, viewSchema } from './call-api.ts';
import type { CallOptions, WriteOptions } from './http.ts';

const actionSchema = z.looseObject({
  action_id: z.string(),
  status: z.string(),
  effect_digest: z.string().nullish(),
});
export type ActionView = z.infer<typeof actionSchema>;
const pageSchema = z.looseObject({ actions: z.array(actionSchema), ...nextCursor });
const targetsSchema = z.looseObject({
  targets: z.array(z.looseObject({ target: z.string(), state: z.string(), dead_letters: z.number() })),
});

export interface ActionFilter extends Page {
  readonly state?: string | undefined;
}

/** Many dead letters of a target, to be tried again. */
export interface Recovery {
  readonly target: string;
  /** As many as were counted. */
  readonly expected: number;
  readonly per_minute?: number | undefined;
  readonly reason: string;
}

interface Intent extends Partial<Omit<RequestAction, 'action' | 'args'>> {
  readonly action: string;
  readonly args: Readonly<Record<string, unknown>>;
}

/** Effects outside of a database. Every method throws `ApiError`. */
export interface ActionsApi {
  request(intent: Intent, options?: WriteOptions): Promise<ActionView>;
  list(filter?: ActionFilter, options?: CallOptions): Promise<z.infer<typeof pageSchema>>;
  read(actionId: string, options?: CallOptions): Promise<ActionView>;
  /** Of the effect with this digest, and of no other. */
  approve(actionId: string, digest: string, note?: string, options?: WriteOptions): Promise<View>;
  reject(actionId: string, reason?: string, options?: WriteOptions): Promise<View>;
  cancel(actionId: string, reason?: string, options?: WriteOptions): Promise<View>;
  settle(actionId: string, outcome: string, reason: string, options?: WriteOptions): Promise<View>;
  targets(options?: CallOptions): Promise<z.infer<typeof targetsSchema>>;
  recover(recovery: Recovery, options?: WriteOptions): Promise<View>;
}

export function createActionsApi({ get, post }: CallApi): ActionsApi {
  return {
    request: (intent, options) => post('/v1/actions', intent, actionSchema, options),
    list: (filter = {}, options) => get('/v1/actions', pageSchema, options, { ...filter }),
    read: (id, options) => get(path`/v1/actions/${id}`, actionSchema, options),
    approve: (id, effect_digest, note, options) =>
      post(path`/v1/actions/${id}/approve`, { effect_digest, note }, viewSchema, options),
    reject: (id, reason, options) => post(path`/v1/actions/${id}/reject`, { reason }, viewSchema, options),
    cancel: (id, reason, options) => post(path`/v1/actions/${id}/cancel`, { reason }, viewSchema, options),
    settle: (id, outcome, reason, options) =>
      post(path`/v1/actions/${id}/settle`, { outcome, reason }, viewSchema, options),
    targets: (options) => get('/v1/action-targets', targetsSchema, options),
    recover: (recovery, options) => post('/v1/action-targets/recover', recovery, viewSchema, options),
  };
}
