import type { ActionContract } from './action-contract.ts';

/* For tests and the local stack: actions that stand in a contract with a context called `desk`. */

export function refundAction(changes: Partial<ActionContract> = {}): ActionContract {
  return {
    name: 'refunds.issue',
    description: 'Gives money of a payment back',
    context: 'desk',
    provider: 'stripe.refund',
    target: 'payments',
    args: {
      payment: { type: 'string', max_length: 64, description: 'The id of the payment' },
      cents: { type: 'number', minimum: 1, maximum: 10_000, description: 'How much, in cents' },
    },
    input: {
      payment_intent: { from_arg: 'payment' },
      amount: { from_arg: 'cents' },
      reason: { fixed: 'requested_by_customer' },
    },
    business_key: ['payment_intent'],
    ordered_by: ['payment_intent'],
    approval: { mode: 'human', required_role: 'desk_lead', required_approvals: 2 },
    ...changes,
  };
}

/** Goes on without a person, in the customer's name. */
export function noticeAction(changes: Partial<ActionContract> = {}): ActionContract {
  return {
    name: 'notices.send',
    description: 'Tells our own system of a parcel',
    context: 'desk',
    provider: 'webhook',
    target: 'events',
    args: {
      parcel: { type: 'string', max_length: 64, description: 'The id of the parcel' },
      event: { type: 'string', enum: ['held', 'released'], description: 'What has happened' },
      note: { type: 'string', max_length: 200, required: false, description: 'Anything else' },
    },
    input: {
      parcel: { from_arg: 'parcel' },
      event: { from_arg: 'event' },
      note: { from_arg: 'note' },
      on_behalf_of: { from_binding: 'principal' },
    },
    business_key: ['parcel', 'event'],
    approval: { mode: 'human', required_role: 'desk_lead', required_approvals: 1 },
    ...changes,
  };
}
