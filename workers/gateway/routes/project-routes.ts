import type { Caller } from '@countersign/durable-objects/tenant/turn/command';
import {
  emptyBodySchema,
  pageQuerySchema,
  projectQuerySchema,
} from '@countersign/protocol/proposal-requests';
import { noBody, param, route } from './route.ts';

const PROJECT = '/v1/control/projects/:project_id';
const SOURCES = '/v1/control/external-sources';

function sessionOf(caller: Caller) {
  return caller.kind === 'person' ? (caller.session ?? null) : null;
}

/** The project itself, and the caller's own access to it (PROTOCOL 2.3). */
export const projectRoutes = [
  route({
    method: 'GET',
    path: '/v1/control/sessions/self',
    summary: 'Who the caller is here, with which roles or scopes, and until when.',
    asks: 'read-session',
    alone: 'session',
    body: noBody,
    query: projectQuerySchema,
    ask: ({ caller }) => ({
      type: 'read-session',
      credentialId: 'credentialId' in caller ? caller.credentialId : null,
      session: sessionOf(caller),
    }),
  }),
  route({
    method: 'POST',
    path: '/v1/control/sessions/revoke',
    summary: 'End the token of the person who asks, in this project.',
    asks: 'revoke-session',
    body: emptyBodySchema,
    query: projectQuerySchema,
    ask: ({ caller }) => ({ type: 'revoke-session', session: sessionOf(caller) }),
  }),
  route({
    method: 'GET',
    path: '/v1/control/status',
    summary: 'Whether the project answers.',
    asks: 'read-status',
    alone: 'status',
    body: noBody,
    query: projectQuerySchema,
    ask: () => ({ type: 'read-status' }),
  }),
  route({
    method: 'GET',
    path: `${PROJECT}/entitlements`,
    summary: 'The plan of the project: nothing is sold here.',
    asks: 'read-entitlements',
    body: noBody,
    query: projectQuerySchema,
    ask: () => ({ type: 'read-entitlements' }),
  }),
  route({
    method: 'GET',
    path: '/v1/control/projects',
    summary:
      'The project that the request names, as a list; to a person who names none, those they asked for.',
    asks: 'read-project',
    alone: 'projects',
    body: noBody,
    query: pageQuerySchema,
    ask: () => ({ type: 'read-project', as: 'projects' }),
  }),
  route({
    method: 'GET',
    path: '/v1/control/accounts',
    summary: 'The same in the words of existing tools: each project is an account of its own here.',
    asks: 'read-project',
    alone: 'accounts',
    body: noBody,
    query: pageQuerySchema,
    ask: () => ({ type: 'read-project', as: 'accounts' }),
  }),
  route({
    method: 'GET',
    path: PROJECT,
    summary: 'The project.',
    asks: 'read-project',
    body: noBody,
    query: projectQuerySchema,
    ask: () => ({ type: 'read-project', as: 'project' }),
  }),
  route({
    method: 'GET',
    path: `${PROJECT}/runners`,
    summary: 'The runners of the project as existing tools list them: newest first.',
    asks: 'list-runners',
    body: noBody,
    query: pageQuerySchema,
    ask: ({ query }) => ({
      type: 'list-runners',
      limit: query.limit,
      cursor: query.cursor ?? null,
      order: 'newest',
    }),
  }),
  ...['', '/doctor'].map((more) =>
    route({
      method: 'GET',
      path: `${PROJECT}/runners/:runner_id${more}`,
      summary: 'One runner: where it stands, what it holds, and when it was heard of last.',
      asks: 'read-runner',
      body: noBody,
      query: projectQuerySchema,
      ask: ({ params }) => ({ type: 'read-runner', runnerId: param(params, 'runner_id') }),
    }),
  ),
  route({
    method: 'GET',
    path: SOURCES,
    summary: 'The databases of the project, by id.',
    asks: 'list-sources',
    body: noBody,
    query: pageQuerySchema,
    ask: ({ query }) => ({ type: 'list-sources', limit: query.limit, cursor: query.cursor ?? null }),
  }),
  route({
    method: 'GET',
    path: `${SOURCES}/:source_id`,
    summary: 'One database of the project.',
    asks: 'read-source',
    body: noBody,
    query: projectQuerySchema,
    ask: ({ params }) => ({ type: 'read-source', sourceId: param(params, 'source_id') }),
  }),
];
