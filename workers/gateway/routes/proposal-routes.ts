import { LONGEST_WAIT_SECONDS } from '@countersign/protocol/job-requests';
import {
  decisionRequestSchema,
  listProposalsQuerySchema,
  projectQuerySchema,
  proposeRequestSchema,
  readProposalQuerySchema,
} from '@countersign/protocol/proposal-requests';
import { noBody, param, route } from './route.ts';

/** What agents, people and services do with proposals. */
export const proposalRoutes = [
  route({
    method: 'POST',
    path: '/v1/proposals',
    summary: 'Propose one exact change.',
    asks: 'propose',
    body: proposeRequestSchema,
    query: projectQuerySchema,
    ask: ({ body, traceparent }) => ({ type: 'propose', request: body, traceparent }),
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
      seconds === 0
        ? undefined
        : { kind: 'change', proposalId: param(params, 'proposal_id'), seconds, after },
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
