import {
  compilePolicy,
  type PolicyCompiled,
} from '@countersign/durable-objects/tenant/policies/compile-policy';
import type { CompiledPolicy } from '@countersign/durable-objects/tenant/policies/compiled-policy';
import type { CapabilityShape, PolicyFacts } from '@countersign/durable-objects/tenant/policies/policy-facts';
import { type PolicyDocument, policyDocumentSchema } from '@countersign/protocol/policy-document';
import { CAPABILITY } from './bench-contract.ts';
import { SOURCE } from './names.ts';

export const shape: CapabilityShape = {
  name: CAPABILITY,
  args: { invoice_id: 'string', late_fee_cents: 'number' },
  visible: ['customer_name', 'amount_cents', 'currency', 'status', 'late_fee_cents'],
  patched: { late_fee_cents: 'number' },
};

/** A policy, and its condition as somebody would write it by hand. */
export interface PolicyTwin {
  readonly document: PolicyDocument;
  readonly holds: (facts: PolicyFacts) => boolean;
}

/** Ever another text, so that no compilation is remembered. */
let made = 0;

/** So many policies of which the last approves. None of the others holds for `sampleFacts`: all are evaluated. */
export function policyTwins(count: number): PolicyTwin[] {
  return Array.from({ length: count }, (_, place) => {
    made += 1;
    if (place === count - 1) return approving(made);
    return place % 2 === 0 ? refusing(made) : asking(made);
  });
}

function approving(number: number): PolicyTwin {
  const least = -number;
  const document = policyDocumentSchema.parse({
    name: `approve_${number}`,
    applies_to: [CAPABILITY],
    when: `after.late_fee_cents <= 2000 && after.late_fee_cents > ${least} && before.status in ["open", "overdue"] && rehearsal.status == "done"`,
    effect: 'approve',
    limits: [{ count: 1_000, per: 'policy', period: 'day' }],
    tests: [
      { name: 'small', given: givenFee(2_000), expect: 'approve' },
      { name: 'large', given: givenFee(2_001), expect: 'no_match' },
    ],
  });
  const holds = ({ after, before, rehearsal }: PolicyFacts) =>
    Number(after.late_fee_cents) <= 2_000 &&
    Number(after.late_fee_cents) > least &&
    (before.status === 'open' || before.status === 'overdue') &&
    rehearsal.status === 'done';
  return { document, holds };
}

function givenFee(fee: number) {
  return {
    before: { status: 'open' },
    after: { late_fee_cents: fee },
    rehearsal: { status: 'done' },
  };
}

function refusing(number: number): PolicyTwin {
  const most = 1_000_000 + number;
  const document = policyDocumentSchema.parse({
    name: `refuse_${number}`,
    applies_to: [CAPABILITY],
    when: `patch.late_fee_cents > ${most} || !(source_id in ["${SOURCE}", "src_${number}"])`,
    effect: 'refuse',
    message: 'a smaller fee of this source would pass',
  });
  const holds = ({ patch, source_id }: PolicyFacts) =>
    Number(patch.late_fee_cents) > most || !(source_id === SOURCE || source_id === `src_${number}`);
  return { document, holds };
}

function asking(number: number): PolicyTwin {
  const disputed = `disputed-${number}`;
  const most = 5_000_000 + number;
  const document = policyDocumentSchema.parse({
    name: `ask_${number}`,
    applies_to: [CAPABILITY],
    when: `before.status == "${disputed}" || before.amount_cents > ${most} && principal.startsWith("temp-")`,
    effect: 'ask',
    requires: { approvals: 2 },
  });
  const holds = ({ before, principal }: PolicyFacts) =>
    before.status === disputed ||
    (Number(before.amount_cents) > most && (principal ?? '').startsWith('temp-'));
  return { document, holds };
}

/** Throws for one that is not taken. */
export function compiled({ document }: PolicyTwin, capability: CapabilityShape = shape): CompiledPolicy {
  const result: PolicyCompiled = compilePolicy(document, [capability]);
  if (!result.ok) throw new Error(result.issues.map(({ message }) => message).join('; '));
  return result.policy;
}

/** What the twins come to: the same law as `judge`, with a counter whose key is at hand. */
export function judgeByHand(
  twins: readonly PolicyTwin[],
  facts: PolicyFacts,
  counted: ReadonlyMap<string, number>,
): 'refuse' | 'ask' | 'approve' | 'default' {
  for (const effect of ['refuse', 'ask', 'approve'] as const) {
    for (const { document, holds } of twins) {
      if (document.effect !== effect || !holds(facts)) continue;
      if (effect !== 'approve' || (counted.get(document.name) ?? 0) < 1_000) return effect;
    }
  }
  return 'default';
}

/** Different enough that nothing can be judged once for all: fees on both sides of what is approved. */
export function sampleFacts(count: number): PolicyFacts[] {
  return Array.from({ length: count }, (_, place) => {
    const row = {
      customer_name: 'Northwind Bakery',
      amount_cents: 125_000 + place,
      currency: 'USD',
      status: place % 3 === 0 ? 'open' : 'overdue',
    };
    const patch = { late_fee_cents: place * 100 };
    return {
      capability: CAPABILITY,
      operation: 'single_row_update',
      row_count: 1,
      args: { invoice_id: `INV-${place}`, ...patch },
      before: { ...row, late_fee_cents: 5_500 },
      after: { ...row, ...patch },
      patch,
      agent: { id: 'crd_agent', name: 'desk' },
      principal: 'ada',
      tenant_id: 'acme',
      object_id: `INV-${place}`,
      source_id: SOURCE,
      contract: { name: 'billing', version: '1.0.0', digest: 'sha256:0' },
      rehearsal: { status: 'done' },
      reason: 'The customer paid within the grace period.',
      now: Date.parse('2026-11-21T12:00:00Z') + place,
    };
  });
}
