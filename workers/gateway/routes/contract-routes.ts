import { activateContractSchema, pushContractSchema } from '@countersign/protocol/contract-requests';
import { pageQuerySchema, projectQuerySchema } from '@countersign/protocol/proposal-requests';
import { foreignIdSchema } from '@countersign/protocol/values';
import * as z from 'zod';
import { noBody, param, route } from './route.ts';

const CONTRACTS = '/v1/control/projects/:project_id/agent-contracts';
const CONTRACT = `${CONTRACTS}/:contract_id`;
const VERSION = `${CONTRACT}/versions/:version_id`;

/** The registry of contracts (PROTOCOL 2.3.1, 2.3.2), and the difference between any two versions. */
export const contractRoutes = [
  route({
    method: 'POST',
    path: CONTRACTS,
    summary: 'Push a version of a contract; the same document again is the same version.',
    asks: 'push-contract',
    body: pushContractSchema,
    query: projectQuerySchema,
    ask: ({ body }) => ({ type: 'push-contract', request: body }),
  }),
  route({
    method: 'GET',
    path: CONTRACTS,
    summary: 'The contracts of a project.',
    asks: 'list-contracts',
    body: noBody,
    query: pageQuerySchema,
    ask: ({ query }) => ({ type: 'list-contracts', limit: query.limit, cursor: query.cursor ?? null }),
  }),
  route({
    method: 'GET',
    path: CONTRACT,
    summary: 'A contract and its versions, oldest first.',
    asks: 'read-contract',
    body: noBody,
    query: projectQuerySchema,
    ask: ({ params }) => ({ type: 'read-contract', contractId: param(params, 'contract_id') }),
  }),
  route({
    method: 'GET',
    path: VERSION,
    summary: 'One version of a contract, with its document.',
    asks: 'read-version',
    body: noBody,
    query: projectQuerySchema,
    ask: ({ params }) => ({
      type: 'read-version',
      contractId: param(params, 'contract_id'),
      versionId: param(params, 'version_id'),
    }),
  }),
  route({
    method: 'GET',
    path: `${VERSION}/runner-bundle`,
    summary:
      'What a Synapsor Runner needs to serve a version for one source, as a ZIP archive without secrets.',
    asks: 'read-version',
    body: noBody,
    query: z.strictObject({
      project_id: foreignIdSchema.optional(),
      source_id: foreignIdSchema,
      download: z.literal('1').optional(),
    }),
    ask: ({ params }) => ({
      type: 'read-version',
      contractId: param(params, 'contract_id'),
      versionId: param(params, 'version_id'),
    }),
    hold: ({ query }) => ({ kind: 'bundle', sourceId: query.source_id }),
  }),
  route({
    method: 'GET',
    path: `${CONTRACT}/diff`,
    summary: 'What one version permits differently from another.',
    asks: 'diff-versions',
    body: noBody,
    query: z.strictObject({
      project_id: foreignIdSchema.optional(),
      from: foreignIdSchema,
      to: foreignIdSchema,
    }),
    ask: ({ params, query }) => ({
      type: 'diff-versions',
      contractId: param(params, 'contract_id'),
      from: query.from,
      to: query.to,
    }),
  }),
  ...(['activate', 'rollback'] as const).map((verb) =>
    route({
      method: 'POST',
      path: `${VERSION}/${verb}`,
      summary:
        verb === 'activate' ? 'Bring a version into force.' : 'Bring an older version back into force.',
      asks: 'activate-contract',
      body: activateContractSchema,
      query: projectQuerySchema,
      ask: ({ params, body }) => ({
        type: 'activate-contract',
        contractId: param(params, 'contract_id'),
        versionId: param(params, 'version_id'),
        reason: body.reason ?? null,
        isRollback: verb === 'rollback',
      }),
    }),
  ),
];
