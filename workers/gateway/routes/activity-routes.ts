import { activityQuerySchema } from '@countersign/protocol/activity-requests';
import { projectQuerySchema } from '@countersign/protocol/proposal-requests';
import { milliseconds } from './milliseconds.ts';
import { noBody, param, route } from './route.ts';

const ACTIVITY = '/v1/control/projects/:project_id/runner-activity';

/** What happened to proposals, as existing tools look for it (PROTOCOL 2.3). */
export const activityRoutes = [
  route({
    method: 'GET',
    path: ACTIVITY,
    summary: 'What happened to proposals, and what runners recorded, newest first.',
    asks: 'list-activity',
    body: noBody,
    query: activityQuerySchema,
    ask: ({ query: { capability, cursor, from_time, limit, lookup, source_id, status, to_time } }) => ({
      type: 'list-activity',
      filter: {
        status: status ?? null,
        capability: capability ?? null,
        source: source_id ?? null,
        from: milliseconds(from_time),
        to: milliseconds(to_time),
      },
      lookup: lookup ?? null,
      limit,
      cursor: cursor ?? null,
    }),
  }),
  route({
    method: 'GET',
    path: `${ACTIVITY}/:activity_id`,
    summary:
      'All about the proposal that an id belongs to: its events, decisions, evidence, receipts, replay.',
    asks: 'read-activity',
    body: noBody,
    query: projectQuerySchema,
    ask: ({ params }) => ({ type: 'read-activity', id: param(params, 'activity_id') }),
  }),
  route({
    method: 'GET',
    path: `${ACTIVITY}/:activity_id/export`,
    summary: 'The same with its entries of the ledger, and a digest over all of it.',
    asks: 'export-activity',
    body: noBody,
    query: projectQuerySchema,
    ask: ({ params }) => ({ type: 'export-activity', id: param(params, 'activity_id') }),
  }),
];
