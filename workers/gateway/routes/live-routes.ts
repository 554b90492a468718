import { liveQuerySchema } from '@countersign/protocol/live-requests';
import { emptyBodySchema, projectQuerySchema } from '@countersign/protocol/proposal-requests';
import { minted, noBody, route } from './route.ts';

/** What leads to the live feed. */
export const liveRoutes = [
  route({
    method: 'POST',
    path: '/v1/live/tickets',
    summary: 'A ticket that opens the live feed once, within half a minute; it is shown once.',
    asks: 'watch-live',
    secret: 'liv',
    body: emptyBodySchema,
    query: projectQuerySchema,
    ask: ({ secret }) => ({ type: 'watch-live', wish: { kind: 'ticket', ticket: minted(secret) } }),
  }),
];

/** The live feed. It takes a ticket and no other credential, since a browser can send no other with an upgrade. */
export const liveRoute = route({
  method: 'GET',
  path: '/v1/live',
  summary: 'The live feed of a project, as a WebSocket: that something has been recorded, as it is.',
  asks: 'watch-live',
  body: noBody,
  query: liveQuerySchema,
  ask: ({ query: { after, hash } }) => ({
    type: 'watch-live',
    wish: { kind: 'follow', from: { after: after ?? null, hash: hash ?? null } },
  }),
});
