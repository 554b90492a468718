import type { PolicyLimit } from '@countersign/protocol/policy-document';
import type { Verdict } from './cel-program.ts';
import type { CompiledPolicy } from './compiled-policy.ts';
import type { CapabilityShape, SomeFacts } from './policy-facts.ts';

/** An approval policy of a contract, and what the contract says of the capability that it is bound to. */
export interface ContractPolicy {
  readonly contract: string;
  readonly name: string;
  readonly rules: readonly { readonly field: string; readonly max: number }[];
  readonly limits: readonly ContractLimit[];
  readonly capability: Pick<CapabilityShape, 'name' | 'patched'>;
  /** The `minimum` of the numeric bounds, by column. A column without one may not go below zero. */
  readonly minimums: Readonly<Record<string, number>>;
  /** Of the capability's approval. A policy stands for one approval, never for several. */
  readonly requiredApprovals: number;
}

export interface ContractLimit {
  readonly kind: 'count' | 'total';
  readonly max: number;
  readonly field?: string | undefined;
  readonly scope?: 'tenant_policy' | 'tenant_policy_object' | undefined;
}

/**
 * A contract's approval policy in the form that is judged. It approves what the contract format approves (CONTRACT 6),
 * but for values below zero, which would pass every maximum there: here the bounds' minimum must allow them.
 */
export function contractPolicy(given: ContractPolicy): CompiledPolicy {
  const { contract, name, limits, capability } = given;
  return {
    name: `contract:${contract}/${name}`,
    effect: 'approve',
    requires: null,
    message: null,
    limits: limits.map(limitOf),
    appliesTo: (asked) => asked === capability.name,
    evaluate: (facts) => evaluate(given, facts),
  };
}

/** Counted by UTC day among the approvals of this policy, or of those about the same object. */
function limitOf({ kind, max, field, scope }: ContractLimit): PolicyLimit {
  const per = scope === 'tenant_policy_object' ? 'object' : 'policy';
  if (kind === 'count') return { count: max, per, period: 'day' };
  // A total without a field is refused with the contract; were there one, no column would match and nobody approve.
  return { total: max, of: field ?? '', per, period: 'day' };
}

function evaluate(given: ContractPolicy, { patch }: SomeFacts): Verdict {
  if (given.requiredApprovals !== 1 || patch === undefined) return { kind: 'no_match' };
  const columns = new Set([...Object.keys(given.capability.patched), ...Object.keys(patch)]);
  const numeric = [...columns].filter(
    (column) => declaredNumber(given, column) || typeof patch[column] === 'number',
  );
  const passes = numeric.length > 0 && numeric.every((column) => isWithin(given, column, patch[column]));
  return { kind: passes ? 'match' : 'no_match' };
}

function declaredNumber({ capability }: ContractPolicy, column: string): boolean {
  return Object.hasOwn(capability.patched, column) && capability.patched[column] === 'number';
}

/** Two rules about one column both count. */
function isWithin({ rules, minimums }: ContractPolicy, column: string, value: unknown): boolean {
  const about = rules.filter((rule) => rule.field === column);
  if (about.length === 0 || typeof value !== 'number' || !Number.isSafeInteger(value)) return false;
  const minimum = Object.hasOwn(minimums, column) ? (minimums[column] ?? 0) : 0;
  return value >= minimum && about.every((rule) => value <= rule.max);
}
