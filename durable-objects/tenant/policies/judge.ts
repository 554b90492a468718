import type { PolicyEffect } from '@countersign/protocol/policy-document';
import type { Verdict } from './cel-program.ts';
import type { CompiledPolicy, Requirement } from './compiled-policy.ts';
import { type Counted, checkLimits, type Increment } from './limits.ts';
import type { PolicyFacts, SomeFacts } from './policy-facts.ts';

/** Why a policy had its part in a judgement, or had none. It names no values, but for what is left of a limit. */
export interface Because {
  readonly policy: string;
  readonly code: 'matched' | 'not_evaluated' | 'limit_reached';
  readonly why: string;
}

/** What the policies say. `default`: people decide, by the contract's own requirement. */
export type Judgement = { readonly because: readonly Because[] } & (
  | { readonly kind: 'refuse'; readonly policy: string; readonly message: string }
  | { readonly kind: 'ask'; readonly requirements: readonly Requirement[] }
  | { readonly kind: 'approve'; readonly policy: string; readonly counts: readonly Increment[] }
  | { readonly kind: 'default' }
);

/**
 * Judges a proposal: any refusal wins; then all that ask are combined; then the first that approves and whose limits
 * all hold. A policy that cannot be evaluated counts as matching where it refuses or asks, and not where it approves.
 */
export function judge(policies: readonly CompiledPolicy[], facts: PolicyFacts, counted: Counted): Judgement {
  return judgeSome(policies, facts, counted);
}

/** The same of partial facts, as the tests of a policy give them. */
export function judgeSome(
  policies: readonly CompiledPolicy[],
  facts: SomeFacts,
  counted: Counted,
): Judgement {
  const applying = policies.filter((policy) => policy.appliesTo(facts.capability ?? ''));
  const found = (effect: PolicyEffect) => evaluated(applying, effect, facts);
  return (
    refusalOf(found('refuse')) ?? questionOf(found('ask')) ?? approvalOf(found('approve'), facts, counted)
  );
}

interface Evaluated {
  readonly policy: CompiledPolicy;
  readonly verdict: Exclude<Verdict, { kind: 'no_match' }>;
}

function evaluated(policies: readonly CompiledPolicy[], effect: PolicyEffect, facts: SomeFacts): Evaluated[] {
  const found: Evaluated[] = [];
  for (const policy of policies) {
    if (policy.effect !== effect) continue;
    const verdict = policy.evaluate(facts);
    if (verdict.kind !== 'no_match') found.push({ policy, verdict });
  }
  return found;
}

function refusalOf(refusing: readonly Evaluated[]): Judgement | undefined {
  const chosen = refusing.find(({ verdict }) => verdict.kind === 'match') ?? refusing[0];
  if (chosen === undefined) return undefined;
  const { policy, verdict } = chosen;
  const doubt = verdict.kind === 'failed' ? ` (the policy could not be evaluated: ${verdict.why})` : '';
  const message = `${policy.message ?? 'nothing like this passes'}${doubt}`;
  return { kind: 'refuse', policy: policy.name, message, because: refusing.map(becauseOf) };
}

function questionOf(asking: readonly Evaluated[]): Judgement | undefined {
  if (asking.length === 0) return undefined;
  const required = asking.map(({ policy }) => policy.requires ?? { role: null, approvals: 1 });
  return { kind: 'ask', requirements: combined(required), because: asking.map(becauseOf) };
}

/** Each role once, with the highest number that is asked of it; in an order that does not depend on the policies'. */
export function combined(requirements: readonly Requirement[]): Requirement[] {
  const most = new Map<string | null, number>();
  for (const { role, approvals } of requirements) most.set(role, Math.max(approvals, most.get(role) ?? 0));
  return [...most]
    .map(([role, approvals]) => ({ role, approvals }))
    .sort((left, right) => ((left.role ?? '') < (right.role ?? '') ? -1 : 1));
}

function approvalOf(approving: readonly Evaluated[], facts: SomeFacts, counted: Counted): Judgement {
  const because: Because[] = [];
  for (const found of approving) {
    const { policy, verdict } = found;
    if (verdict.kind === 'failed') {
      because.push(becauseOf(found));
      continue;
    }
    const checked = checkLimits(policy, facts, counted);
    if (!checked.ok) {
      because.push({ policy: policy.name, code: 'limit_reached', why: checked.why });
      continue;
    }
    return {
      kind: 'approve',
      policy: policy.name,
      counts: checked.counts,
      because: [...because, becauseOf(found)],
    };
  }
  return { kind: 'default', because };
}

function becauseOf({ policy, verdict }: Evaluated): Because {
  return verdict.kind === 'match'
    ? { policy: policy.name, code: 'matched', why: 'its condition holds' }
    : { policy: policy.name, code: 'not_evaluated', why: verdict.why };
}
