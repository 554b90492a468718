import {
  claimRequestSchema,
  LONGEST_WAIT_SECONDS,
  releaseRequestSchema,
  renewRequestSchema,
  resultRequestSchema,
} from '@countersign/protocol/job-requests';
import { projectQuerySchema } from '@countersign/protocol/proposal-requests';
import { rehearsalClaimSchema, rehearsalResultSchema } from '@countersign/protocol/rehearsal';
import {
  activitySchema,
  heartbeatSchema,
  registrationSchema,
  runnerProposalSchema,
} from '@countersign/protocol/runner-messages';
import { noBody, param, route } from './route.ts';

/** The runner protocol (PROTOCOL 2.2), and `release`, which is ours. */
export const runnerRoutes = [
  route({
    method: 'GET',
    path: '/v1/writeback/runner/doctor',
    summary: 'What a runner token is good for.',
    asks: 'runner-doctor',
    body: noBody,
    query: projectQuerySchema,
    ask: () => ({ type: 'runner-doctor' }),
  }),
  route({
    method: 'POST',
    path: '/v1/runner/register',
    summary: 'Introduce a runner.',
    asks: 'register',
    body: registrationSchema,
    query: projectQuerySchema,
    ask: ({ body }) => ({ type: 'register', request: body }),
  }),
  route({
    method: 'POST',
    path: '/v1/runner/heartbeat',
    summary: 'A sign of life.',
    asks: 'heartbeat',
    body: heartbeatSchema,
    query: projectQuerySchema,
    ask: ({ body }) => ({ type: 'heartbeat', request: body }),
  }),
  route({
    method: 'POST',
    path: '/v1/runner/proposals',
    summary: 'Submit a complete change set from the network of its source.',
    asks: 'submit',
    body: runnerProposalSchema,
    query: projectQuerySchema,
    ask: ({ body, traceparent }) => ({ type: 'submit', request: body, traceparent }),
  }),
  route({
    method: 'GET',
    path: '/v1/runner/proposals/:proposal_id',
    summary: 'Follow a proposal that a runner submitted.',
    asks: 'read-runner-proposal',
    body: noBody,
    query: projectQuerySchema,
    ask: ({ params }) => ({ type: 'read-runner-proposal', proposalId: param(params, 'proposal_id') }),
  }),
  route({
    method: 'POST',
    path: '/v1/runner/activity',
    summary: 'Record what a runner read or found.',
    asks: 'record',
    body: activitySchema,
    query: projectQuerySchema,
    ask: ({ body }) => ({ type: 'record', request: body }),
  }),
  route({
    method: 'POST',
    path: '/v1/writeback/jobs/claim',
    summary: `Lease approved jobs; with wait_seconds (to ${LONGEST_WAIT_SECONDS}) once there are some.`,
    asks: 'claim',
    body: claimRequestSchema,
    query: projectQuerySchema,
    ask: ({ body }) => ({ type: 'claim', request: body, waiterId: null }),
    hold: ({ body }) =>
      body.wait_seconds === 0 ? undefined : { kind: 'claim', claim: { type: 'claim', request: body } },
  }),
  route({
    method: 'POST',
    path: '/v1/rehearsals/claim',
    summary: `Take rehearsals that wait at a source; with wait_seconds (to ${LONGEST_WAIT_SECONDS}) once there are some.`,
    asks: 'claim-rehearsals',
    body: rehearsalClaimSchema,
    query: projectQuerySchema,
    ask: ({ body }) => ({ type: 'claim-rehearsals', request: body, waiterId: null }),
    hold: ({ body }) =>
      body.wait_seconds === 0
        ? undefined
        : { kind: 'claim', claim: { type: 'claim-rehearsals', request: body } },
  }),
  route({
    method: 'POST',
    path: '/v1/rehearsals/:rehearsal_id/result',
    summary: 'Report what a rehearsal showed.',
    asks: 'report-rehearsal',
    body: rehearsalResultSchema,
    query: projectQuerySchema,
    ask: ({ params, body }) => ({
      type: 'report-rehearsal',
      rehearsalId: param(params, 'rehearsal_id'),
      request: body,
    }),
  }),
  route({
    method: 'POST',
    path: '/v1/writeback/jobs/:job_id/heartbeat',
    summary: 'Renew a lease and the authority to write.',
    asks: 'renew',
    body: renewRequestSchema,
    query: projectQuerySchema,
    ask: ({ params, body }) => ({ type: 'renew', jobId: param(params, 'job_id'), request: body }),
  }),
  route({
    method: 'POST',
    path: '/v1/writeback/jobs/:job_id/release',
    summary: 'Give a lease back unused, at no cost of an attempt.',
    asks: 'release',
    body: releaseRequestSchema,
    query: projectQuerySchema,
    ask: ({ params, body }) => ({ type: 'release', jobId: param(params, 'job_id'), request: body }),
  }),
  route({
    method: 'POST',
    path: '/v1/writeback/jobs/:job_id/result',
    summary: 'Report how a job ended.',
    asks: 'report',
    body: resultRequestSchema,
    query: projectQuerySchema,
    ask: ({ params, body }) => ({
      type: 'report',
      jobId: sameJob(param(params, 'job_id'), body.job_id),
      request: body,
    }),
  }),
];

/** The path and the body must speak of one job; one that differs is no job at all. */
function sameJob(inPath: string, inBody: string): string {
  return inPath === inBody ? inPath : '';
}
