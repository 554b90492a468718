import {
  activateControlSchema,
  type ControlKind,
  controlKinds,
  retireControlSchema,
  saveControlSchema,
} from '@countersign/protocol/control/control-document';
import { Refused } from '@countersign/protocol/problem';
import { pageQuerySchema, projectQuerySchema } from '@countersign/protocol/proposal-requests';
import { noBody, param, route } from './route.ts';

const PIECES = '/v1/control/registry';
const PIECE = `${PIECES}/:kind/:name`;

/** Throws `Refused` for a kind that the registry does not have. */
function pieceIn(params: Readonly<Record<string, string>>): { kind: ControlKind; name: string } {
  const named = param(params, 'kind');
  const kind = controlKinds.find((one) => one === named);
  if (kind !== undefined) return { kind, name: param(params, 'name') };
  throw new Refused({
    code: 'control_not_found',
    message: `there is no kind ${named}; there are ${controlKinds.join(', ')}`,
  });
}

/** What steers agents: prompts, skills, tools, routes and arbiters, each with its versions. */
export const controlRoutes = [
  route({
    method: 'POST',
    path: PIECES,
    summary:
      'Save a version of a prompt, skill, tool, route or arbiter; it is not in force before it is activated.',
    asks: 'save-control',
    body: saveControlSchema,
    query: projectQuerySchema,
    ask: ({ body }) => ({ type: 'save-control', request: body }),
  }),
  route({
    method: 'GET',
    path: PIECES,
    summary: 'The pieces of the registry, and which version of each is in force.',
    asks: 'list-controls',
    body: noBody,
    query: pageQuerySchema,
    ask: ({ query }) => ({ type: 'list-controls', limit: query.limit, cursor: query.cursor ?? null }),
  }),
  route({
    method: 'GET',
    path: PIECE,
    summary: 'One piece of the registry, with every version of it.',
    asks: 'read-control',
    body: noBody,
    query: projectQuerySchema,
    ask: ({ params }) => ({ type: 'read-control', ...pieceIn(params) }),
  }),
  route({
    method: 'POST',
    path: `${PIECE}/activate`,
    summary: 'Bring a version into force, newer or older than the one that is.',
    asks: 'activate-control',
    body: activateControlSchema,
    query: projectQuerySchema,
    ask: ({ params, body }) => ({
      type: 'activate-control',
      ...pieceIn(params),
      digest: body.digest,
      reason: body.reason ?? null,
    }),
  }),
  route({
    method: 'POST',
    path: `${PIECE}/retire`,
    summary: 'Take a piece out of force.',
    asks: 'retire-control',
    body: retireControlSchema,
    query: projectQuerySchema,
    ask: ({ params, body }) => ({ type: 'retire-control', ...pieceIn(params), reason: body.reason ?? null }),
  }),
  route({
    method: 'GET',
    path: '/v1/control/snapshot',
    summary: 'Everything of the registry that is in force, with its documents and one digest over it.',
    asks: 'read-snapshot',
    body: noBody,
    query: projectQuerySchema,
    ask: () => ({ type: 'read-snapshot' }),
  }),
  route({
    method: 'GET',
    path: '/v1/control/changes',
    summary:
      'Each time that contracts, policies, permission rules or the registry in force changed, newest first.',
    asks: 'control-changes',
    body: noBody,
    query: pageQuerySchema,
    ask: ({ query }) => ({ type: 'control-changes', limit: query.limit, cursor: query.cursor ?? null }),
  }),
];
