import { changeOriginSchema } from '@countersign/protocol/origin';
import { projectQuerySchema } from '@countersign/protocol/proposal-requests';
import { noBody, route } from './route.ts';

const ORIGINS = '/v1/cors-origins';

/** Whose pages may read what the project answers. */
export const corsRoutes = [
  route({
    method: 'GET',
    path: ORIGINS,
    summary: 'The origins whose pages may read what this project answers; none to begin with.',
    asks: 'list-origins',
    body: noBody,
    query: projectQuerySchema,
    ask: () => ({ type: 'list-origins' }),
  }),
  route({
    method: 'POST',
    path: `${ORIGINS}/allow`,
    summary: 'Let pages of an exact origin read what this project answers.',
    asks: 'allow-origin',
    body: changeOriginSchema,
    query: projectQuerySchema,
    ask: ({ body }) => ({ type: 'allow-origin', origin: body.origin }),
  }),
  route({
    method: 'POST',
    path: `${ORIGINS}/deny`,
    summary: 'Take an origin off the list; within ten seconds its pages read nothing more.',
    asks: 'deny-origin',
    body: changeOriginSchema,
    query: projectQuerySchema,
    ask: ({ body }) => ({ type: 'deny-origin', origin: body.origin }),
  }),
];
