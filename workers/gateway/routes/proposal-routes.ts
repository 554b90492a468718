import { requestChangeSchema, reviseSchema, sendBackSchema } from '@countersign/protocol/contract-requests';
import { LONGEST_WAIT_SECONDS } from '@countersign/protocol/job-requests';
import {
  decisionRequestSchema,
  emptyBodySchema,
  listProposalsQuerySchema,
  projectQuerySchema,
  proposeRequestSchema,
  readProposalQuerySchema,
} from '@countersign/protocol/proposal-requests';
import * as z from 'zod';
import { noBody, param, route } from './route.ts';

/** What agents, people and services do with proposals. */
export const proposalRoutes = [
  route({
    method: 'POST',
    path: '/v1/proposals',
    summary:
      'Propose one exact change: a capability and its arguments, or, for people and services, a change set.',
    asks: 'request',
    asksFor: (body) => (isChangeSet(body) ? 'propose' : 'request'),
    body: z.union([requestChangeSchema, proposeRequestSchema]),
    query: projectQuerySchema,
    ask: ({ body, traceparent }) =>
      'capability' in body
        ? { type: 'request', request: body, traceparent }
        : { type: 'propose', request: body, traceparent },
  }),
  route({
    method: 'GET',
    path: '/v1/capabilities',
    summary: 'What may be proposed, with the arguments that each takes.',
    asks: 'list-capabilities',
    body: noBody,
    query: projectQuerySchema,
    ask: () => ({ type: 'list-capabilities' }),
  }),
  route({
    method: 'POST',
    path: '/v1/proposals/:proposal_id/look',
    summary: 'Ask a runner to look at the row again before a decision.',
    asks: 'look',
    body: emptyBodySchema,
    query: projectQuerySchema,
    ask: ({ params }) => ({ type: 'look', proposalId: param(params, 'proposal_id') }),
  }),
  route({
    method: 'POST',
    path: '/v1/proposals/:proposal_id/send-back',
    summary: 'Send a proposal back with a question.',
    asks: 'send-back',
    body: sendBackSchema,
    query: projectQuerySchema,
    ask: ({ params, body }) => ({
      type: 'send-back',
      proposalId: param(params, 'proposal_id'),
      question: body.question,
      effectDigest: body.effect_digest ?? null,
    }),
  }),
  route({
    method: 'POST',
    path: '/v1/proposals/:proposal_id/revise',
    summary: 'Answer a question, or ask for another effect: a new version, whose approvals begin anew.',
    asks: 'revise',
    body: reviseSchema,
    query: projectQuerySchema,
    ask: ({ params, body }) => ({ type: 'revise', proposalId: param(params, 'proposal_id'), request: body }),
  }),
  route({
    method: 'GET',
    path: '/v1/proposals',
    summary: 'List proposals: newest first, or, pending ones, what expires first.',
    asks: 'list-proposals',
    body: noBody,
    query: listProposalsQuerySchema,
    ask: ({ query }) => ({ type: 'list-proposals', query }),
  }),
  route({
    method: 'GET',
    path: '/v1/proposals/:proposal_id',
    summary: `Read a proposal; with wait_seconds (to ${LONGEST_WAIT_SECONDS}) once it has changed.`,
    asks: 'read-proposal',
    body: noBody,
    query: readProposalQuerySchema,
    ask: ({ params }) => ({ type: 'read-proposal', proposalId: param(params, 'proposal_id') }),
    hold: ({ params, query: { wait_seconds: seconds, after } }) =>
      seconds === 0 ? undefined : { kind: 'change', id: param(params, 'proposal_id'), seconds, after },
  }),
  route({
    method: 'GET',
    path: '/v1/proposals/:proposal_id/replay',
    summary: 'Everything that happened to a proposal, in order, with its verified chain.',
    asks: 'replay-proposal',
    body: noBody,
    query: projectQuerySchema,
    ask: ({ params }) => ({ type: 'replay-proposal', proposalId: param(params, 'proposal_id') }),
  }),
  ...(['approved', 'rejected'] as const).flatMap((verdict) => {
    const verb = verdict === 'approved' ? 'approve' : 'reject';
    return ['/v1/proposals', '/v1/control/external-writebacks/proposals'].map((base) =>
      route({
        method: 'POST',
        path: `${base}/:proposal_id/${verb}`,
        summary: verdict === 'approved' ? 'Approve a proposal.' : 'Reject a proposal.',
        asks: 'decide',
        body: decisionRequestSchema,
        query: projectQuerySchema,
        ask: ({ params, body }) => ({
          type: 'decide',
          proposalId: param(params, 'proposal_id'),
          verdict,
          reason: body.reason ?? null,
          effectDigest: body.effect_digest ?? null,
        }),
      }),
    );
  }),
  route({
    method: 'POST',
    path: '/v1/proposals/:proposal_id/cancel',
    summary: 'Withdraw a proposal that nothing has acted on.',
    asks: 'cancel',
    body: decisionRequestSchema,
    query: projectQuerySchema,
    ask: ({ params, body }) => ({
      type: 'cancel',
      proposalId: param(params, 'proposal_id'),
      reason: body.reason ?? null,
    }),
  }),
  route({
    method: 'GET',
    path: '/v1/control/external-writebacks/proposals',
    summary: 'List proposals as existing tools read them.',
    asks: 'list-writebacks',
    body: noBody,
    query: listProposalsQuerySchema,
    ask: ({ query }) => ({ type: 'list-writebacks', query }),
  }),
];

/** Which of the two ways to propose a body means, as far as it can be told before it has been checked. */
function isChangeSet(body: unknown): boolean {
  return typeof body === 'object' && body !== null && !('capability' in body);
}
