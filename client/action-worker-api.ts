import type {
  BeginAction,
  ClaimActions,
  ConfirmAction,
  RenewAction,
  ReturnAction,
} from '@countersign/protocol/action/action-requests';
import { claimNotes } from '@countersign/protocol/freeze-mark';
import { timestampSchema } from '@countersign/protocol/values';
import * as z from 'zod';
import { type CallOptions, type Connection, call } from './http.ts';

const SPARE_MS = 15_000;

/** The actions stay unparsed: one malformed action must not lose the others of its claim. */
const claimedSchema = z.object({
  actions: z.array(z.unknown()).default([]),
  ...claimNotes,
  server_time: timestampSchema,
});
export type ClaimedActions = z.infer<typeof claimedSchema>;

const heldSchema = z.looseObject({ expires_at: timestampSchema, server_time: timestampSchema });
export type HeldAction = z.infer<typeof heldSchema>;

const ackSchema = z.looseObject({ status: z.string() });
export type ActionAck = z.infer<typeof ackSchema>;

/** What a worker asks about actions. Every method throws `ApiError`. Natural keys are in the bodies. */
export interface ActionWorkerApi {
  /** Held for `wait_seconds` while there is nothing to do. */
  claim(request: ClaimActions, options?: CallOptions): Promise<ClaimedActions>;
  begin(actionId: string, request: BeginAction, options?: CallOptions): Promise<HeldAction>;
  renew(actionId: string, request: RenewAction, options?: CallOptions): Promise<HeldAction>;
  confirm(actionId: string, request: ConfirmAction, options?: CallOptions): Promise<ActionAck>;
  /** Gives back what has not begun. */
  return(actionId: string, request: ReturnAction, options?: CallOptions): Promise<ActionAck>;
}

export function createActionWorkerApi(connection: Connection): ActionWorkerApi {
  const post = <Answer extends z.ZodType>(
    actionId: string,
    verb: string,
    body: unknown,
    answer: Answer,
    options?: CallOptions,
  ) => {
    const path = `/v1/actions/${encodeURIComponent(actionId)}/${verb}`;
    return call(connection, { method: 'POST', path, body, answer, ...options });
  };
  return {
    claim: (request, options) =>
      call(connection, {
        method: 'POST',
        path: '/v1/actions/claim',
        body: request,
        timeoutMs: request.wait_seconds * 1_000 + SPARE_MS,
        takesLines: request.wait_seconds > 0,
        answer: claimedSchema,
        ...options,
      }),
    begin: (id, request, options) => post(id, 'begin', request, heldSchema, options),
    renew: (id, request, options) => post(id, 'renew', request, heldSchema, options),
    confirm: (id, request, options) => post(id, 'confirm', request, ackSchema, options),
    return: (id, request, options) => post(id, 'return', request, ackSchema, options),
  };
}
