import { type PolicyDocument, policyDocumentSchema } from '@countersign/protocol/policy-document';
import { compilePolicy } from './compile-policy.ts';
import type { CompiledPolicy } from './compiled-policy.ts';
import type { CapabilityShape, PolicyFacts } from './policy-facts.ts';

/** What the tests of policies share. */

export const NOON = Date.parse('2026-11-21T12:00:00Z');

export const waiveFee: CapabilityShape = {
  name: 'billing.waive_fee',
  args: { invoice_id: 'string', amount: 'number', urgent: 'boolean' },
  visible: ['id', 'status', 'balance'],
  patched: { fee: 'number', note: 'text', closed: 'other' },
};

export const closeTicket: CapabilityShape = {
  name: 'support.close_ticket',
  args: { ticket_id: 'string' },
  visible: ['id'],
  patched: { status: 'text' },
};

export function factsOf(changes: Partial<PolicyFacts> = {}): PolicyFacts {
  return {
    capability: waiveFee.name,
    operation: 'single_row_update',
    row_count: 1,
    args: { invoice_id: 'inv_1', amount: 40, urgent: false },
    before: { id: 'inv_1', status: 'open', balance: '120.50', fee: 10, note: null, closed: false },
    after: { id: 'inv_1', status: 'open', balance: '120.50', fee: 40, note: 'goodwill', closed: false },
    patch: { fee: 40, note: 'goodwill' },
    agent: { id: 'crd_agent', name: 'billing agent' },
    principal: 'ada',
    tenant_id: 'acme',
    object_id: 'inv_1',
    source_id: 'src_1',
    contract: { name: 'billing', version: '3', digest: 'sha256:1' },
    rehearsal: { status: 'done' },
    reason: 'late by a day',
    now: NOON,
    ...changes,
  };
}

/** A refusing policy unless told otherwise: it needs neither limits nor tests. */
export function documentOf(changes: Readonly<Record<string, unknown>> = {}): PolicyDocument {
  const document = {
    name: 'sample',
    applies_to: [waiveFee.name],
    when: 'true',
    effect: 'refuse',
    message: 'something else would pass',
    ...changes,
  };
  // As it comes over the wire: a key without a value is left out.
  return policyDocumentSchema.parse(JSON.parse(JSON.stringify(document)));
}

export function approving(changes: Readonly<Record<string, unknown>> = {}): PolicyDocument {
  return documentOf({
    effect: 'approve',
    message: undefined,
    when: 'after.fee <= 100',
    limits: [{ count: 5, per: 'policy', period: 'day' }],
    tests: [
      { name: 'small', given: { patch: { fee: 100 } }, expect: 'approve' },
      { name: 'large', given: { patch: { fee: 101 } }, expect: 'no_match' },
    ],
    ...changes,
  });
}

export function asking(changes: Readonly<Record<string, unknown>> = {}): PolicyDocument {
  return documentOf({ effect: 'ask', message: undefined, requires: { approvals: 2 }, ...changes });
}

export function compiled(document: PolicyDocument): CompiledPolicy {
  const result = compilePolicy(document, [waiveFee, closeTicket]);
  if (!result.ok) throw new Error(result.issues.map(({ message }) => message).join('; '));
  return result.policy;
}
