import type { RequestAction } from '@countersign/protocol/action/action-requests';
import * as z from 'zod';
import { type CallOptions, type Connection, call, type WriteOptions } from './http.ts';
import type { Page, View } from './proposals-api.ts';

const viewSchema = z.looseObject({});
const actionSchema = z.looseObject({ action_id: z.string(), status: z.string() });
export type ActionView = z.infer<typeof actionSchema>;
const pageSchema = z.looseObject({ actions: z.array(actionSchema), next_cursor: z.string().nullish() });
export type ActionPage = z.infer<typeof pageSchema>;
const targetSchema = z.looseObject({ target: z.string(), state: z.string(), dead_letters: z.number() });
const targetsSchema = z.looseObject({ targets: z.array(targetSchema) });
export type Targets = z.infer<typeof targetsSchema>;

export interface ActionFilter extends Page {
  readonly state?: string | undefined;
}

/** Many dead letters of a target, tried again. */
export interface Recovery {
  readonly target: string;
  readonly expected: number;
  readonly per_minute?: number | undefined;
  readonly reason: string;
}

type Intent = Pick<RequestAction, 'action' | 'args'> & Partial<RequestAction>;

/** Effects outside of a database. Every method throws `ApiError`. */
export interface ActionsApi {
  request(intent: Intent, options?: WriteOptions): Promise<ActionView>;
  list(filter?: ActionFilter, options?: CallOptions): Promise<ActionPage>;
  read(actionId: string, options?: CallOptions): Promise<ActionView>;
  /** Of the effect with this digest, and of no other. */
  approve(actionId: string, digest: string, note?: string, options?: WriteOptions): Promise<View>;
  reject(actionId: string, reason?: string, options?: WriteOptions): Promise<View>;
  cancel(actionId: string, reason?: string, options?: WriteOptions): Promise<View>;
  settle(actionId: string, outcome: string, reason: string, options?: WriteOptions): Promise<View>;
  targets(options?: CallOptions): Promise<Targets>;
  recover(recovery: Recovery, options?: WriteOptions): Promise<View>;
}

export function createActionsApi(connection: Connection): ActionsApi {
  const post = <Answer extends z.ZodType>(
    path: string,
    body: unknown,
    answer: Answer,
    options?: WriteOptions,
  ) => call(connection, { method: 'POST', path, body, answer, ...options });
  const get = <Answer extends z.ZodType>(path: string, answer: Answer, options?: CallOptions, query = {}) =>
    call(connection, { method: 'GET', path, query, answer, ...options });
  const on = (id: string, verb: string, body: unknown, options?: WriteOptions) =>
    post(`${pathOf(id)}/${verb}`, body, viewSchema, options);
  return {
    request: (intent, options) => post('/v1/actions', intent, actionSchema, options),
    list: (filter = {}, options) => get('/v1/actions', pageSchema, options, { ...filter }),
    read: (id, options) => get(pathOf(id), actionSchema, options),
    approve: (id, effect_digest, note, options) => on(id, 'approve', { effect_digest, note }, options),
    reject: (id, reason, options) => on(id, 'reject', { reason }, options),
    cancel: (id, reason, options) => on(id, 'cancel', { reason }, options),
    settle: (id, outcome, reason, options) => on(id, 'settle', { outcome, reason }, options),
    targets: (options) => get('/v1/action-targets', targetsSchema, options),
    recover: (recovery, options) => post('/v1/action-targets/recover', recovery, viewSchema, options),
  };
}

function pathOf(actionId: string): string {
  return `/v1/actions/${encodeURIComponent(actionId)}`;
}
