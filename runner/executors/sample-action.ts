import { type ClaimedAction, claimedActionSchema } from '@countersign/protocol/action/action-job';
import type { Effect } from './executor.ts';

/** For tests: a moment, and an action that is claimed then. */
export const NOW = Date.parse('2030-01-01T00:00:00Z');

const sample = {
  action_id: 'act_1',
  claim_id: 'clm_1',
  attempt: 1,
  name: 'refund_order',
  target: 'billing',
  provider: 'webhook',
  idempotency_key: 'csk_0123456789abcdef',
  input: { order: 'ord-7', amount: 1_200 },
  first_begun_at: null,
  must_begin: false,
  expires_at: '2030-01-01T00:01:00Z',
};

export function sampleAction(changes: Partial<ClaimedAction> = {}): ClaimedAction {
  return claimedActionSchema.parse({ ...sample, ...changes });
}

/** A later attempt, so long after the first one. */
export function laterAction(ageMs: number, changes: Partial<ClaimedAction> = {}): ClaimedAction {
  return sampleAction({
    attempt: 2,
    first_begun_at: new Date(NOW - ageMs).toISOString(),
    ...changes,
  });
}

export function sampleEffect(changes: Partial<Effect> = {}): Effect {
  return {
    key: sample.idempotency_key,
    input: sample.input,
    name: sample.name,
    actionId: sample.action_id,
    attempt: 1,
    firstBegunAt: null,
    ...changes,
  };
}

export const never = new AbortController().signal;
