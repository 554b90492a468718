import {
  createAgentSchema,
  createApiKeySchema,
  createRunnerTokenSchema,
  revokeApiKeySchema,
  revokeCredentialSchema,
  rotateApiKeySchema,
  rotateCredentialSchema,
} from '@countersign/protocol/credential-requests';
import { pageQuerySchema, projectQuerySchema } from '@countersign/protocol/proposal-requests';
import { tokenKinds } from '@countersign/protocol/token';
import { milliseconds } from './milliseconds.ts';
import { minted, noBody, param, route } from './route.ts';

const RUNNER_TOKENS = '/v1/control/projects/:project_id/runner-tokens';
const API_KEYS = '/v1/control/api-keys';
const AGENTS = '/v1/agents';

const lists = [
  { mark: 'run', path: RUNNER_TOKENS, what: 'runner tokens' },
  { mark: 'svc', path: API_KEYS, what: 'API keys of services' },
  { mark: 'agt', path: AGENTS, what: 'agents' },
] as const;

const listings = lists.map(({ mark, path, what }) =>
  route({
    method: 'GET',
    path,
    summary: `The ${what} of the project, without their secrets.`,
    asks: 'list-credentials',
    body: noBody,
    query: pageQuerySchema,
    ask: ({ query }) => ({
      type: 'list-credentials',
      kind: tokenKinds[mark],
      limit: query.limit,
      cursor: query.cursor ?? null,
    }),
  }),
);

/** Those whose id stands in the path; the API keys of existing clients have theirs in the body. */
const paths = [
  { mark: 'run', path: `${RUNNER_TOKENS}/:token_id`, name: 'token_id', what: 'a runner token' },
  { mark: 'agt', path: `${AGENTS}/:agent_id`, name: 'agent_id', what: 'an agent' },
] as const;

const byPath = paths.flatMap(({ mark, path, name, what }) => [
  route({
    method: 'POST',
    path: `${path}/rotate`,
    summary: `Give ${what} a new id and secret, shown once; the old one ends at once, or after an overlap.`,
    asks: 'rotate-credential',
    secret: mark,
    body: rotateCredentialSchema,
    query: projectQuerySchema,
    ask: ({ params, body, secret }) => ({
      type: 'rotate-credential',
      kind: tokenKinds[mark],
      credentialId: param(params, name),
      minted: minted(secret),
      overlapSeconds: body.overlap_seconds,
      expiresAt: milliseconds(body.expires_at),
    }),
  }),
  route({
    method: 'POST',
    path: `${path}/revoke`,
    summary: `End ${what}, at its next request.`,
    asks: 'revoke-credential',
    body: revokeCredentialSchema,
    query: projectQuerySchema,
    ask: ({ params, body }) => ({
      type: 'revoke-credential',
      kind: tokenKinds[mark],
      credentialId: param(params, name),
      reason: body.reason ?? null,
    }),
  }),
  route({
    method: 'GET',
    path,
    summary: `One credential: ${what}, without its secret.`,
    asks: 'read-credential',
    body: noBody,
    query: projectQuerySchema,
    ask: ({ params }) => ({
      type: 'read-credential',
      kind: tokenKinds[mark],
      credentialId: param(params, name),
    }),
  }),
]);

const creations = [
  route({
    method: 'POST',
    path: RUNNER_TOKENS,
    summary: 'Create a runner token for named sources; it is shown once.',
    asks: 'issue-credential',
    secret: 'run',
    body: createRunnerTokenSchema,
    query: projectQuerySchema,
    ask: ({ body, secret }) => ({
      type: 'issue-credential',
      kind: 'runner',
      minted: minted(secret),
      wanted: {
        name: body.name,
        sources: body.source_ids,
        permissions: body.permissions ?? null,
        role: null,
        bindings: {},
        capabilities: null,
        targets: body.targets ?? [],
        handlers: body.handlers ?? [],
        expiresAt: null,
      },
    }),
  }),
  route({
    method: 'POST',
    path: API_KEYS,
    summary: 'Create an API key of a service with closed scopes; it is shown once.',
    asks: 'issue-credential',
    secret: 'svc',
    body: createApiKeySchema,
    query: projectQuerySchema,
    ask: ({ body, secret }) => ({
      type: 'issue-credential',
      kind: 'service',
      minted: minted(secret),
      wanted: {
        name: body.name,
        sources: body.source_ids ?? [],
        permissions: body.scopes,
        role: body.role ?? null,
        bindings: {},
        capabilities: null,
        targets: [],
        handlers: [],
        expiresAt: milliseconds(body.expires_at),
      },
    }),
  }),
  route({
    method: 'POST',
    path: AGENTS,
    summary: 'Create an agent that acts for one tenant and principal; its token is shown once.',
    asks: 'issue-credential',
    secret: 'agt',
    body: createAgentSchema,
    query: projectQuerySchema,
    ask: ({ body, secret }) => ({
      type: 'issue-credential',
      kind: 'agent',
      minted: minted(secret),
      wanted: {
        name: body.name,
        sources: body.source_ids,
        permissions: null,
        role: null,
        bindings: body.bindings,
        capabilities: body.capabilities ?? null,
        targets: [],
        handlers: [],
        expiresAt: milliseconds(body.expires_at),
      },
    }),
  }),
];

const apiKeys = [
  route({
    method: 'GET',
    path: `${API_KEYS}/:key_id`,
    summary: 'One API key, without its secret.',
    asks: 'read-credential',
    body: noBody,
    query: projectQuerySchema,
    ask: ({ params }) => ({
      type: 'read-credential',
      kind: 'service',
      credentialId: param(params, 'key_id'),
    }),
  }),
  route({
    method: 'POST',
    path: `${API_KEYS}/rotate`,
    summary:
      'Give an API key a new id and secret, shown once; the old one ends at once, or after an overlap.',
    asks: 'rotate-credential',
    secret: 'svc',
    body: rotateApiKeySchema,
    query: projectQuerySchema,
    ask: ({ body, secret }) => ({
      type: 'rotate-credential',
      kind: 'service',
      credentialId: body.key_id,
      minted: minted(secret),
      overlapSeconds: body.overlap_seconds,
      expiresAt: milliseconds(body.expires_at),
    }),
  }),
  route({
    method: 'POST',
    path: `${API_KEYS}/revoke`,
    summary: 'End an API key, at its next request.',
    asks: 'revoke-credential',
    body: revokeApiKeySchema,
    query: projectQuerySchema,
    ask: ({ body }) => ({
      type: 'revoke-credential',
      kind: 'service',
      credentialId: body.key_id,
      reason: body.reason ?? null,
    }),
  }),
];

/** Runner tokens, API keys and agents: one set of rules, in the forms that existing clients know (PROTOCOL 2.3). */
export const credentialRoutes = [...listings, ...creations, ...byPath, ...apiKeys];
