import { claimNotes } from '@countersign/protocol/freeze-mark';
import type {
  ClaimRequest,
  ReleaseRequest,
  RenewAnswer,
  RenewRequest,
  ResultRequest,
} from '@countersign/protocol/job-requests';
import { renewAnswerSchema } from '@countersign/protocol/job-requests';
import type { RehearsalClaim, RehearsalResult } from '@countersign/protocol/rehearsal';
import type { Heartbeat, Registration } from '@countersign/protocol/runner-messages';
import { timestampSchema } from '@countersign/protocol/values';
import * as z from 'zod';
import { type CallOptions, type Connection, call } from './http.ts';

const SPARE_MS = 15_000;

/** Where an answer says what time it is over there, it is worth knowing (the runner measures against it). */
const ackSchema = z.looseObject({ server_time: timestampSchema.optional().catch(undefined) });
export type Ack = z.infer<typeof ackSchema>;

/** The jobs stay unparsed: one malformed job must not lose the others of its claim. */
const claimedSchema = z.object({
  jobs: z.array(z.unknown()).default([]),
  ...claimNotes,
  server_time: timestampSchema,
});
export type Claimed = z.infer<typeof claimedSchema>;

/** Unparsed for the same reason. */
const claimedRehearsalsSchema = z.object({
  rehearsals: z.array(z.unknown()).default([]),
  ...claimNotes,
  server_time: timestampSchema,
});
export type ClaimedRehearsals = z.infer<typeof claimedRehearsalsSchema>;

/** What a runner may ask the control plane (PROTOCOL 2.2). Every method throws `ApiError`. */
export interface RunnerApi {
  doctor(options?: CallOptions): Promise<Ack>;
  register(registration: Registration, options?: CallOptions): Promise<Ack>;
  heartbeat(heartbeat: Heartbeat, options?: CallOptions): Promise<Ack>;
  /** Held for `wait_seconds` while there is nothing to lease. */
  claim(request: ClaimRequest, options?: CallOptions): Promise<Claimed>;
  renew(jobId: string, request: RenewRequest, options?: CallOptions): Promise<RenewAnswer>;
  release(jobId: string, request: ReleaseRequest, options?: CallOptions): Promise<Ack>;
  result(request: ResultRequest, options?: CallOptions): Promise<Ack>;
  /** Held for `wait_seconds` while there is nothing to rehearse. */
  claimRehearsals(request: RehearsalClaim, options?: CallOptions): Promise<ClaimedRehearsals>;
  rehearsalResult(request: RehearsalResult, options?: CallOptions): Promise<Ack>;
}

/** None of these calls carries an idempotency key: their natural keys are in the bodies (PROTOCOL 1.5). */
export function createRunnerApi(connection: Connection): RunnerApi {
  const post = (path: string, body: unknown, options?: CallOptions): Promise<Ack> =>
    call(connection, { method: 'POST', path, body, answer: ackSchema, ...options });
  return {
    doctor: (options) =>
      call(connection, { method: 'GET', path: '/v1/writeback/runner/doctor', answer: ackSchema, ...options }),
    register: (registration, options) => post('/v1/runner/register', registration, options),
    heartbeat: (heartbeat, options) => post('/v1/runner/heartbeat', heartbeat, options),
    claim: (request, options) =>
      call(connection, {
        method: 'POST',
        path: '/v1/writeback/jobs/claim',
        body: request,
        timeoutMs: request.wait_seconds * 1_000 + SPARE_MS,
        takesLines: request.wait_seconds > 0,
        answer: claimedSchema,
        ...options,
      }),
    renew: (jobId, request, options) =>
      call(connection, {
        method: 'POST',
        path: jobPath(jobId, 'heartbeat'),
        body: request,
        answer: renewAnswerSchema,
        ...options,
      }),
    release: (jobId, request, options) => post(jobPath(jobId, 'release'), request, options),
    result: (request, options) => post(jobPath(request.job_id, 'result'), request, options),
    claimRehearsals: (request, options) =>
      call(connection, {
        method: 'POST',
        path: '/v1/rehearsals/claim',
        body: request,
        timeoutMs: request.wait_seconds * 1_000 + SPARE_MS,
        takesLines: request.wait_seconds > 0,
        answer: claimedRehearsalsSchema,
        ...options,
      }),
    rehearsalResult: (request, options) =>
      post(`/v1/rehearsals/${encodeURIComponent(request.rehearsal_id)}/result`, request, options),
  };
}

function jobPath(jobId: string, verb: string): string {
  return `/v1/writeback/jobs/${encodeURIComponent(jobId)}/${verb}`;
}
