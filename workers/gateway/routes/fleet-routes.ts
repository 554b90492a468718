import {
  archiveRunnerSchema,
  drainRunnerSchema,
  liftFreezeSchema,
  placeFreezeSchema,
  stopSchema,
} from '@countersign/protocol/fleet-requests';
import {
  emptyBodySchema,
  pageQuerySchema,
  projectQuerySchema,
} from '@countersign/protocol/proposal-requests';
import { noBody, param, route } from './route.ts';

/** Runners as an operator sees them, and what holds work back. */
export const fleetRoutes = [
  route({
    method: 'GET',
    path: '/v1/runners',
    summary: 'The runners of the project: where each stands, and what it holds.',
    asks: 'list-runners',
    body: noBody,
    query: pageQuerySchema,
    ask: ({ query }) => ({ type: 'list-runners', limit: query.limit, cursor: query.cursor ?? null }),
  }),
  route({
    method: 'GET',
    path: '/v1/runners/:runner_id',
    summary: 'One runner, and whether it is safe to stop.',
    asks: 'read-runner',
    body: noBody,
    query: projectQuerySchema,
    ask: ({ params }) => ({ type: 'read-runner', runnerId: param(params, 'runner_id') }),
  }),
  route({
    method: 'POST',
    path: '/v1/runners/:runner_id/ping',
    summary: 'A round trip through the poll that a runner holds.',
    asks: 'ping-runner',
    body: emptyBodySchema,
    query: projectQuerySchema,
    ask: ({ params }) => ({ type: 'ping-runner', runnerId: param(params, 'runner_id') }),
  }),
  route({
    method: 'POST',
    path: '/v1/runners/:runner_id/drain',
    summary: 'Take a runner out of service: it finishes what it holds and is given nothing more.',
    asks: 'drain-runner',
    body: drainRunnerSchema,
    query: projectQuerySchema,
    ask: ({ params, body }) => ({
      type: 'drain-runner',
      runnerId: param(params, 'runner_id'),
      reason: body.reason ?? null,
      isUndo: body.undo,
    }),
  }),
  route({
    method: 'POST',
    path: '/v1/runners/:runner_id/archive',
    summary: 'Take a runner that has gone off the list.',
    asks: 'archive-runner',
    body: archiveRunnerSchema,
    query: projectQuerySchema,
    ask: ({ params, body }) => ({
      type: 'archive-runner',
      runnerId: param(params, 'runner_id'),
      reason: body.reason ?? null,
    }),
  }),
  route({
    method: 'GET',
    path: '/v1/freezes',
    summary: 'What holds work back: by whom, why, and until when.',
    asks: 'list-freezes',
    body: noBody,
    query: projectQuerySchema,
    ask: () => ({ type: 'list-freezes' }),
  }),
  route({
    method: 'POST',
    path: '/v1/freezes',
    summary: 'Hold back the work of the project, a source, a contract, an agent or a runner.',
    asks: 'place-freeze',
    body: placeFreezeSchema,
    query: projectQuerySchema,
    ask: ({ body: { reason, scope, until } }) => ({
      type: 'place-freeze',
      scope,
      reason,
      until: until === undefined ? null : Date.parse(until),
    }),
  }),
  route({
    method: 'POST',
    path: '/v1/freezes/:freeze_id/lift',
    summary: 'End a freeze, or the emergency stop.',
    asks: 'lift-freeze',
    body: liftFreezeSchema,
    query: projectQuerySchema,
    ask: ({ params, body }) => ({
      type: 'lift-freeze',
      freezeId: param(params, 'freeze_id'),
      reason: body.reason,
    }),
  }),
  route({
    method: 'POST',
    path: '/v1/stop',
    summary:
      'The emergency stop: from the next turn on nothing is leased, and no authority to write is renewed.',
    asks: 'emergency-stop',
    body: stopSchema,
    query: projectQuerySchema,
    ask: ({ body }) => ({
      type: 'emergency-stop',
      runnerId: body.runner_id ?? null,
      reason: body.reason,
    }),
  }),
];
