import type { ActivityFilter } from '@countersign/durable-objects/tenant/queries/activity-filter';
import type { RecordFilter } from '@countersign/protocol/activity-requests';
import { requestExportSchema } from '@countersign/protocol/export-requests';
import { projectQuerySchema } from '@countersign/protocol/proposal-requests';
import { milliseconds } from './milliseconds.ts';
import { noBody, param, route } from './route.ts';

const EXPORTS = '/v1/control/audit-export';

/** The same words for lists of events and for exports. */
export function filterOf({
  capability,
  from_time,
  source_id,
  status,
  to_time,
}: RecordFilter): ActivityFilter {
  return {
    status: status ?? null,
    capability: capability ?? null,
    source: source_id ?? null,
    from: milliseconds(from_time),
    to: milliseconds(to_time),
  };
}

/** Parts of the record as files, as existing tools ask for them (PROTOCOL 2.3). */
export const exportRoutes = [
  route({
    method: 'POST',
    path: EXPORTS,
    summary: 'Ask for a part of the record as a file of JSON lines; it is ready at once.',
    asks: 'request-export',
    body: requestExportSchema,
    query: projectQuerySchema,
    ask: ({ body: { filters, format } }) => ({ type: 'request-export', format, filter: filterOf(filters) }),
  }),
  route({
    method: 'GET',
    path: `${EXPORTS}/:export_id`,
    summary: 'What an export is, and whether it is ready.',
    asks: 'read-export',
    body: noBody,
    query: projectQuerySchema,
    ask: ({ params }) => ({ type: 'read-export', exportId: param(params, 'export_id') }),
  }),
  route({
    method: 'GET',
    path: `${EXPORTS}/:export_id/download`,
    summary: 'The file: a line for each entry of the record, and a manifest at its end.',
    asks: 'download-export',
    body: noBody,
    query: projectQuerySchema,
    ask: ({ params }) => ({ type: 'download-export', exportId: param(params, 'export_id'), after: 0 }),
    hold: ({ params }) => ({ kind: 'part', exportId: param(params, 'export_id') }),
  }),
];
