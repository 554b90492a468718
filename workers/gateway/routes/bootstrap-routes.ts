import { exchangeBootstrapSchema, localServiceSchema } from '@countersign/protocol/bootstrap-requests';
import { projectQuerySchema } from '@countersign/protocol/proposal-requests';
import { servicePermissions } from '@countersign/protocol/service-scopes';
import { milliseconds } from './milliseconds.ts';
import { minted, route } from './route.ts';

/** Once, before there is anybody: it takes the installation's bootstrap token and no other credential. */
export const exchangeRoute = route({
  method: 'POST',
  path: '/v1/bootstrap/exchange',
  summary:
    'Exchange the bootstrap token of the installation, once, for the first service account of a project; its token is shown once.',
  asks: 'bootstrap',
  secret: 'svc',
  body: exchangeBootstrapSchema,
  query: projectQuerySchema,
  ask: ({ body, secret }) => ({
    type: 'bootstrap',
    minted: minted(secret),
    name: body.name,
    expiresAt: milliseconds(body.expires_at),
  }),
});

/** To propose takes sources as well, which an owner names with the rest. */
const everyScope = servicePermissions.filter((scope) => scope !== 'proposals:write');

/** On a plane that asks nobody who they are; elsewhere it is not there. */
export const localServiceRoute = route({
  method: 'POST',
  path: '/v1/bootstrap/service-account',
  summary:
    'On a plane of this machine that asks nobody who they are (--insecure-localhost): a service account; its token is shown once.',
  asks: 'issue-credential',
  secret: 'svc',
  body: localServiceSchema,
  query: projectQuerySchema,
  ask: ({ body, secret }) => ({
    type: 'issue-credential',
    kind: 'service',
    minted: minted(secret),
    wanted: {
      name: body.name,
      sources: [],
      permissions: body.scopes ?? everyScope,
      role: null,
      bindings: {},
      capabilities: null,
      targets: [],
      handlers: [],
      expiresAt: milliseconds(body.expires_at),
    },
  }),
});

/** What the first run asks. These take no credential of a project. */
export const bootstrapRoutes = [exchangeRoute, localServiceRoute] as const;
