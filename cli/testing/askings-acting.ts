import type { Asking } from './asking.ts';

const seen = {
  action_id: 'act_1',
  action: 'refunds.issue',
  status: 'proposed',
  provider: 'stripe.refund',
  target: 'payments',
  input: { payment_intent: 'pi_1', amount: 500 },
  effect_digest: 'sha256:e',
  waiting: { why: 'it needs an approval of desk_lead', next: 'somebody who may decides' },
};

/** What is asked about effects outside of a database. */
export const acting: readonly Asking[] = [
  {
    args: ['actions', 'list', '--state', 'unknown'],
    route: 'GET /v1/actions',
    query: 'project_id=prj_1&state=unknown',
    answer: { actions: [{ ...seen, status: 'unknown' }] },
    prints: 'refunds.issue',
  },
  {
    args: ['actions', 'show', 'act_1'],
    route: 'GET /v1/actions/act_1',
    answer: {
      ...seen,
      likely_done: { action_id: 'act_0', state: 'succeeded' },
      decisions: [{ verdict: 'approved', name: 'ada', at: '2026-01-01T00:00:00Z', reason: 'fine' }],
      result: { result: { outcome: 'retry', code: 'rate_limited' } },
    },
    prints: 'stripe.refund at payments',
  },
  {
    args: [
      'actions',
      'request',
      'refunds.issue',
      '--arg',
      'payment=pi_1',
      '--arg',
      'cents:=5',
      '--after',
      'wrp_1',
    ],
    route: 'POST /v1/actions',
    body: {
      action: 'refunds.issue',
      args: { payment: 'pi_1', cents: 5 },
      after: { proposal_id: 'wrp_1', state: 'applied' },
    },
    answer: seen,
    prints: 'act_1  proposed',
  },
  {
    args: ['actions', 'reject', 'act_1', '--reason', 'no'],
    route: 'POST /v1/actions/act_1/reject',
    body: { reason: 'no' },
    answer: {},
    prints: 'rejected',
  },
  {
    args: ['actions', 'cancel', 'act_1'],
    route: 'POST /v1/actions/act_1/cancel',
    body: {},
    answer: {},
    prints: 'canceled',
  },
  {
    args: ['actions', 'settle', 'act_1', 'succeeded', '--reason', 'it is there'],
    route: 'POST /v1/actions/act_1/settle',
    body: { outcome: 'succeeded', reason: 'it is there' },
    answer: { status: 'succeeded' },
    prints: 'succeeded',
  },
  {
    args: ['actions', 'targets'],
    route: 'GET /v1/action-targets',
    answer: { targets: [{ target: 'payments', state: 'open', dead_letters: 3 }] },
    prints: 'payments',
  },
  {
    args: ['actions', 'recover', 'payments', '--expect', '3', '--per-minute', '2', '--reason', 'back'],
    route: 'POST /v1/action-targets/recover',
    body: { target: 'payments', expected: 3, per_minute: 2, reason: 'back' },
    answer: { recovered: 3, left: 0, last_at: '2026-01-01T00:01:00Z' },
    prints: '3 are tried again',
  },
];
