import { claimNotes } from '@countersign/protocol/freeze-mark';
import {
  type ClaimTasks,
  type CompleteTask,
  controlMarkSchema,
  type FailTask,
  type RenewTask,
  type ReturnTask,
} from '@countersign/protocol/run/run-requests';
import { timestampSchema } from '@countersign/protocol/values';
import * as z from 'zod';
import { type CallOptions, type Connection, call } from './http.ts';

const SPARE_MS = 15_000;

const control = { control: controlMarkSchema.optional() };

/** The tasks stay unparsed: one malformed task must not lose the others of its claim. */
const claimedSchema = z.object({
  tasks: z.array(z.unknown()).default([]),
  ...control,
  ...claimNotes,
  server_time: timestampSchema,
});
export type ClaimedTasks = z.infer<typeof claimedSchema>;

const renewedSchema = z.looseObject({
  expires_at: timestampSchema,
  ...control,
  server_time: timestampSchema,
});
export type RenewedTask = z.infer<typeof renewedSchema>;

const ackSchema = z.looseObject({ status: z.string() });
export type TaskAck = z.infer<typeof ackSchema>;

/** What a worker asks about tasks. Every method throws `ApiError`. Natural keys are in the bodies. */
export interface TaskWorkerApi {
  /** Held for `wait_seconds` while there is nothing to do. */
  claim(request: ClaimTasks, options?: CallOptions): Promise<ClaimedTasks>;
  renew(taskId: string, request: RenewTask, options?: CallOptions): Promise<RenewedTask>;
  complete(taskId: string, request: CompleteTask, options?: CallOptions): Promise<TaskAck>;
  fail(taskId: string, request: FailTask, options?: CallOptions): Promise<TaskAck>;
  return(taskId: string, request: ReturnTask, options?: CallOptions): Promise<TaskAck>;
}

export function createTaskWorkerApi(connection: Connection): TaskWorkerApi {
  const post = <Answer extends z.ZodType>(
    taskId: string,
    verb: string,
    body: unknown,
    answer: Answer,
    options?: CallOptions & { readonly timeoutMs?: number },
  ) => {
    const path = `/v1/tasks/${encodeURIComponent(taskId)}/${verb}`;
    return call(connection, { method: 'POST', path, body, answer, ...options });
  };
  return {
    claim: (request, options) =>
      call(connection, {
        method: 'POST',
        path: '/v1/tasks/claim',
        body: request,
        timeoutMs: request.wait_seconds * 1_000 + SPARE_MS,
        takesLines: request.wait_seconds > 0,
        answer: claimedSchema,
        ...options,
      }),
    // With half of a lease gone for nothing, there must be time for another one.
    renew: (id, request, options) =>
      post(id, 'renew', request, renewedSchema, {
        timeoutMs: Math.min(SPARE_MS, (request.lease_seconds * 1_000) / 2),
        ...options,
      }),
    complete: (id, request, options) => post(id, 'complete', request, ackSchema, options),
    fail: (id, request, options) => post(id, 'fail', request, ackSchema, options),
    return: (id, request, options) => post(id, 'return', request, ackSchema, options),
  };
}
