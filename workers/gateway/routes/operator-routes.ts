import {
  emptyBodySchema,
  pageQuerySchema,
  projectQuerySchema,
} from '@countersign/protocol/proposal-requests';
import { noBody, param, route } from './route.ts';

/** What operators and auditors look at, and the dead letters that a person settles. */
export const operatorRoutes = [
  ...(['requeue', 'discard'] as const).map((type) =>
    route({
      method: 'POST',
      path: `/v1/jobs/:job_id/${type}`,
      summary: type === 'requeue' ? 'Try a dead letter again, under the same key.' : 'Give a dead letter up.',
      asks: type,
      body: emptyBodySchema,
      query: projectQuerySchema,
      ask: ({ params, body }) => ({ type, jobId: param(params, 'job_id'), reason: body.reason ?? null }),
    }),
  ),
  route({
    method: 'GET',
    path: '/v1/ledger',
    summary: 'The record, from its beginning or after a cursor.',
    asks: 'read-ledger',
    body: noBody,
    query: pageQuerySchema,
    ask: ({ query }) => ({ type: 'read-ledger', limit: query.limit, cursor: query.cursor ?? null }),
  }),
  route({
    method: 'GET',
    path: '/v1/engine/health',
    summary: 'Queue depths, the oldest of each, leases, turns.',
    asks: 'engine-health',
    body: noBody,
    query: projectQuerySchema,
    ask: () => ({ type: 'engine-health' }),
  }),
];
