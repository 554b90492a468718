import { activityQuerySchema } from '@countersign/protocol/activity-requests';
import { projectQuerySchema } from '@countersign/protocol/proposal-requests';
import { filterOf } from './export-routes.ts';
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
    ask: ({ query }) => ({
      type: 'list-activity',
      filter: filterOf(query),
      lookup: query.lookup ?? null,
      limit: query.limit,
      cursor: query.cursor ?? null,
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
