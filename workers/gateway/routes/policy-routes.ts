import {
  enforcePermissionRulesSchema,
  savePermissionRulesSchema,
  savePolicySchema,
} from '@countersign/protocol/policy-requests';
import { emptyBodySchema, projectQuerySchema } from '@countersign/protocol/proposal-requests';
import { noBody, param, route } from './route.ts';

/** Who decides: policies, and the rules over who may ask for what. */
export const policyRoutes = [
  route({
    method: 'POST',
    path: '/v1/policies',
    summary: 'Save a draft of a policy; its condition is compiled and its tests are run.',
    asks: 'save-policy',
    body: savePolicySchema,
    query: projectQuerySchema,
    ask: ({ body }) => ({ type: 'save-policy', document: body.policy }),
  }),
  route({
    method: 'POST',
    path: '/v1/policies/test',
    summary: 'Compile a policy and run its tests, without saving it.',
    asks: 'test-policy',
    body: savePolicySchema,
    query: projectQuerySchema,
    ask: ({ body }) => ({ type: 'test-policy', document: body.policy }),
  }),
  route({
    method: 'GET',
    path: '/v1/policies',
    summary: 'The policies of the project.',
    asks: 'list-policies',
    body: noBody,
    query: projectQuerySchema,
    ask: () => ({ type: 'list-policies' }),
  }),
  route({
    method: 'GET',
    path: '/v1/policies/:name',
    summary: 'One policy, with its newest document.',
    asks: 'read-policy',
    body: noBody,
    query: projectQuerySchema,
    ask: ({ params }) => ({ type: 'read-policy', name: param(params, 'name') }),
  }),
  ...(['activate', 'retire'] as const).map((verb) =>
    route({
      method: 'POST',
      path: `/v1/policies/:name/${verb}`,
      summary:
        verb === 'activate'
          ? 'Bring the newest version of a policy into force.'
          : 'Take a policy out of force.',
      asks: `${verb}-policy`,
      body: emptyBodySchema,
      query: projectQuerySchema,
      ask: ({ params, body }) => ({
        type: `${verb}-policy`,
        name: param(params, 'name'),
        reason: body.reason ?? null,
      }),
    }),
  ),
  route({
    method: 'GET',
    path: '/v1/policies/:name/replay',
    summary: 'What a policy would have done with the newest proposals, and which of those people refused.',
    asks: 'replay-policy',
    body: noBody,
    query: projectQuerySchema,
    ask: ({ params }) => ({ type: 'replay-policy', name: param(params, 'name') }),
  }),
  route({
    method: 'GET',
    path: '/v1/permission-rules',
    summary: 'The rules over who may ask for what, and whether they hold.',
    asks: 'read-permission-rules',
    body: noBody,
    query: projectQuerySchema,
    ask: () => ({ type: 'read-permission-rules' }),
  }),
  route({
    method: 'POST',
    path: '/v1/permission-rules',
    summary: 'Save the permission rules of the project, all of them.',
    asks: 'save-permission-rules',
    body: savePermissionRulesSchema,
    query: projectQuerySchema,
    ask: ({ body }) => ({ type: 'save-permission-rules', rules: body.rules }),
  }),
  route({
    method: 'POST',
    path: '/v1/permission-rules/enforcement',
    summary: 'Turn enforcement of the permission rules on or off; on only where no owner is locked out.',
    asks: 'enforce-permission-rules',
    body: enforcePermissionRulesSchema,
    query: projectQuerySchema,
    ask: ({ body }) => ({ type: 'enforce-permission-rules', on: body.on, reason: body.reason }),
  }),
];
