import {
  actionEventsQuerySchema,
  beginActionSchema,
  claimActionsSchema,
  confirmActionSchema,
  decideActionSchema,
  listActionsQuerySchema,
  recoverActionsSchema,
  rejectActionSchema,
  renewActionSchema,
  requestActionSchema,
  returnActionSchema,
  settleActionSchema,
} from '@countersign/protocol/action/action-requests';
import { LONGEST_WAIT_SECONDS } from '@countersign/protocol/job-requests';
import { emptyBodySchema, projectQuerySchema } from '@countersign/protocol/proposal-requests';
import { noBody, param, route } from './route.ts';

const ACTION = '/v1/actions/:action_id';

/** Effects outside of a database: intended by agents, let go by people. */
const outbox = [
  route({
    method: 'POST',
    path: '/v1/actions',
    summary: 'Intend an action of a contract in force. Nothing happens before it is stored and let go.',
    asks: 'request-action',
    body: requestActionSchema,
    query: projectQuerySchema,
    ask: ({ body, traceparent }) => ({ type: 'request-action', request: body, traceparent }),
  }),
  route({
    method: 'GET',
    path: '/v1/actions',
    summary: 'Actions, newest first.',
    asks: 'list-actions',
    body: noBody,
    query: listActionsQuerySchema,
    ask: ({ query }) => ({ type: 'list-actions', query }),
  }),
  route({
    method: 'GET',
    path: ACTION,
    summary: 'One action: what it would do, where it stands, and what it waits for.',
    asks: 'read-action',
    body: noBody,
    query: projectQuerySchema,
    ask: ({ params }) => ({ type: 'read-action', actionId: param(params, 'action_id') }),
  }),
  route({
    method: 'POST',
    path: `${ACTION}/approve`,
    summary: 'Let an action go, as it was looked at.',
    asks: 'decide-action',
    body: decideActionSchema,
    query: projectQuerySchema,
    ask: ({ params, body }) => ({
      type: 'decide-action',
      actionId: param(params, 'action_id'),
      verdict: 'approved',
      reason: body.note ?? null,
      effectDigest: body.effect_digest,
    }),
  }),
  route({
    method: 'POST',
    path: `${ACTION}/reject`,
    summary: 'Do not let an action go.',
    asks: 'decide-action',
    body: rejectActionSchema,
    query: projectQuerySchema,
    ask: ({ params, body }) => ({
      type: 'decide-action',
      actionId: param(params, 'action_id'),
      verdict: 'rejected',
      reason: body.reason ?? null,
      effectDigest: body.effect_digest ?? null,
    }),
  }),
  route({
    method: 'POST',
    path: `${ACTION}/cancel`,
    summary: 'Take back an action that nobody has begun.',
    asks: 'cancel-action',
    body: emptyBodySchema,
    query: projectQuerySchema,
    ask: ({ params, body }) => ({
      type: 'cancel-action',
      actionId: param(params, 'action_id'),
      reason: body.reason ?? null,
    }),
  }),
  route({
    method: 'POST',
    path: `${ACTION}/settle`,
    summary: 'Say what became of an action of which nobody could tell, or have it tried again.',
    asks: 'settle-action',
    body: settleActionSchema,
    query: projectQuerySchema,
    ask: ({ params, body }) => ({
      type: 'settle-action',
      actionId: param(params, 'action_id'),
      outcome: body.outcome,
      reason: body.reason,
    }),
  }),
  route({
    method: 'GET',
    path: '/v1/action-targets',
    summary: 'Accounts at providers: their circuit breakers, and how many dead letters each has.',
    asks: 'list-targets',
    body: noBody,
    query: projectQuerySchema,
    ask: () => ({ type: 'list-targets' }),
  }),
  route({
    method: 'POST',
    path: '/v1/action-targets/recover',
    summary: 'Try the dead letters of a target again, as many as were counted and no faster than said.',
    asks: 'recover-actions',
    body: recoverActionsSchema,
    query: projectQuerySchema,
    ask: ({ body: { target, expected, per_minute, reason } }) => ({
      type: 'recover-actions',
      request: { target, expected, per_minute, reason },
    }),
  }),
];

/** The same as workers see it, who perform and confirm them. */
const work = [
  route({
    method: 'POST',
    path: '/v1/actions/claim',
    summary: `Claim actions of named targets; with wait_seconds (to ${LONGEST_WAIT_SECONDS}) once there are some.`,
    asks: 'claim-actions',
    body: claimActionsSchema,
    query: projectQuerySchema,
    ask: ({ body }) => ({ type: 'claim-actions', request: body, waiterId: null }),
    hold: ({ body }) =>
      body.wait_seconds === 0
        ? undefined
        : { kind: 'claim', claim: { type: 'claim-actions', request: body } },
  }),
  route({
    method: 'POST',
    path: `${ACTION}/begin`,
    summary: 'Say that the attempt begins, where afterwards nobody could tell what came of it.',
    asks: 'begin-action',
    body: beginActionSchema,
    query: projectQuerySchema,
    ask: ({ params, body }) => ({
      type: 'begin-action',
      actionId: param(params, 'action_id'),
      request: body,
    }),
  }),
  route({
    method: 'POST',
    path: `${ACTION}/renew`,
    summary: 'Extend a claim.',
    asks: 'renew-action',
    body: renewActionSchema,
    query: projectQuerySchema,
    ask: ({ params, body }) => ({
      type: 'renew-action',
      actionId: param(params, 'action_id'),
      request: body,
    }),
  }),
  route({
    method: 'POST',
    path: `${ACTION}/return`,
    summary: 'Give back an action that was not begun; it costs no attempt.',
    asks: 'return-action',
    body: returnActionSchema,
    query: projectQuerySchema,
    ask: ({ params, body }) => ({
      type: 'return-action',
      actionId: param(params, 'action_id'),
      request: body,
    }),
  }),
  route({
    method: 'POST',
    path: `${ACTION}/confirm`,
    summary: 'Say how the attempt ended.',
    asks: 'confirm-action',
    body: confirmActionSchema,
    query: projectQuerySchema,
    ask: ({ params, body }) => ({
      type: 'confirm-action',
      actionId: param(params, 'action_id'),
      request: body,
    }),
  }),
  route({
    method: 'GET',
    path: '/v1/action-events',
    summary: 'The queue as a worker sees it: what stands before the targets of its token.',
    asks: 'action-events',
    body: noBody,
    query: actionEventsQuerySchema,
    ask: ({ query }) => ({ type: 'action-events', limit: query.limit, cursor: query.cursor ?? null }),
  }),
];

export const actionRoutes = [...work, ...outbox];
