import { engineHealthQuerySchema } from '@countersign/protocol/engine-requests';
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
    summary:
      'Queue depths, the oldest of each, leases, turns; for operators also how turns went, and what is stuck.',
    asks: 'engine-health',
    body: noBody,
    query: engineHealthQuerySchema,
    ask: ({ query }) => ({ type: 'engine-health', hasDetails: query.details === 'true' }),
  }),
  route({
    method: 'GET',
    path: '/v1/engine/history',
    summary: 'How work went lately, in numbers: applies by outcome, waiting times, leases that lapsed.',
    asks: 'engine-history',
    body: noBody,
    query: projectQuerySchema,
    ask: () => ({ type: 'engine-history' }),
  }),
  route({
    method: 'GET',
    path: '/v1/engine/expression_cache/stats',
    summary: 'What compiling and evaluating the conditions of this project has cost.',
    asks: 'expression-stats',
    body: noBody,
    query: projectQuerySchema,
    ask: () => ({ type: 'expression-stats' }),
  }),
  route({
    method: 'GET',
    path: '/v1/engine/doctor',
    summary: 'What is wrong with the installation, as far as it concerns this project, and what to do.',
    asks: 'engine-doctor',
    body: noBody,
    query: projectQuerySchema,
    ask: () => ({ type: 'engine-doctor' }),
    hold: () => ({ kind: 'doctor' }),
  }),
];
