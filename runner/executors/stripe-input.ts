import type { ActionInput } from '@countersign/protocol/action/providers';

/** Checked here too, since it becomes part of a request's path and text. */
const PAYMENT_INTENT = /^pi_[A-Za-z0-9_]{1,250}$/;
const REASONS = ['duplicate', 'fraudulent', 'requested_by_customer'] as const;

export interface RefundInput {
  readonly payment_intent: string;
  readonly amount?: number;
  readonly reason?: (typeof REASONS)[number];
}

/** What Stripe is asked for; a text says what is wrong with the input, without its values. */
export function refundOf({ amount, payment_intent, reason }: ActionInput): RefundInput | string {
  if (typeof payment_intent !== 'string' || !PAYMENT_INTENT.test(payment_intent)) {
    return 'payment_intent must be the id of one, pi_...';
  }
  const known = REASONS.find((one) => one === reason);
  if (reason !== undefined && reason !== null && known === undefined) {
    return `reason must be one of ${REASONS.join(', ')}`;
  }
  const part = { payment_intent, ...(known !== undefined && { reason: known }) };
  if (amount === undefined || amount === null) return part;
  if (typeof amount !== 'number' || !Number.isSafeInteger(amount) || amount < 1) {
    return 'amount must be a whole number above 0, in the smallest unit of the currency';
  }
  return { ...part, amount };
}
