import { searchKinds } from '@countersign/durable-objects/tenant/search/searchable';
import {
  emptyBodySchema,
  pageQuerySchema,
  projectQuerySchema,
} from '@countersign/protocol/proposal-requests';
import * as z from 'zod';
import { noBody, param, route } from './route.ts';

const searchQuerySchema = pageQuerySchema.extend({
  q: z.string().min(1).max(400),
  kind: z.enum(searchKinds).optional(),
});

/** What shows that all of it happened as it is told: exports, replays, evidence, search, the comparison with the ledger. */
export const proofRoutes = [
  route({
    method: 'GET',
    path: '/v1/ledger/export',
    summary: 'The whole record as NDJSON, with a manifest at its end by which it is verified offline.',
    asks: 'export-ledger',
    body: noBody,
    query: projectQuerySchema,
    ask: () => ({ type: 'export-ledger', proposalId: null, after: 0, through: null }),
    hold: () => ({ kind: 'export', proposalId: null }),
  }),
  route({
    method: 'GET',
    path: '/v1/proposals/:proposal_id/export',
    summary: 'The entries about one proposal, as a file that is verified alone.',
    asks: 'export-ledger',
    body: noBody,
    query: projectQuerySchema,
    ask: ({ params }) => ({
      type: 'export-ledger',
      proposalId: param(params, 'proposal_id'),
      after: 0,
      through: null,
    }),
    hold: ({ params }) => ({ kind: 'export', proposalId: param(params, 'proposal_id') }),
  }),
  route({
    method: 'GET',
    path: '/v1/proposals/:proposal_id/evidence',
    summary: 'What was read for a proposal, and by which queries: ids, digests, fingerprints, excerpts.',
    asks: 'read-evidence',
    body: noBody,
    query: projectQuerySchema,
    ask: ({ params }) => ({ type: 'read-evidence', proposalId: param(params, 'proposal_id') }),
  }),
  route({
    method: 'GET',
    path: '/v1/replay/:handle',
    summary:
      'The whole story of the proposal that a job, rehearsal, lease, receipt, event or entry belongs to.',
    asks: 'replay-handle',
    body: noBody,
    query: projectQuerySchema,
    ask: ({ params }) => ({ type: 'replay-handle', handle: param(params, 'handle') }),
  }),
  route({
    method: 'GET',
    path: '/v1/search',
    summary: 'Words and "phrases" in proposals, evidence and receipts, as far as the caller may see them.',
    asks: 'search',
    body: noBody,
    query: searchQuerySchema,
    ask: ({ query: { q, kind, limit, cursor } }) => ({
      type: 'search',
      q,
      kind: kind ?? null,
      limit,
      cursor: cursor ?? null,
    }),
  }),
  route({
    method: 'POST',
    path: '/v1/maintenance/rebuild',
    summary: 'Fold the whole record anew and compare it with the rows that stand; it changes nothing.',
    asks: 'rebuild',
    body: emptyBodySchema,
    query: projectQuerySchema,
    ask: () => ({ type: 'rebuild' }),
  }),
];
