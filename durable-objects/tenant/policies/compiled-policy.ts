import type { PolicyEffect, PolicyLimit } from '@countersign/protocol/policy-document';
import type { Verdict } from './cel-program.ts';
import type { SomeFacts } from './policy-facts.ts';

/** Who must approve: a named approval role or anyone who may, and how many distinct people. */
export interface Requirement {
  readonly role: string | null;
  readonly approvals: number;
}

/** A policy that can be judged: one of the project's own, or one that a contract brings. */
export interface CompiledPolicy {
  /** Unique among those that are judged together, and part of the keys of its counters. */
  readonly name: string;
  readonly effect: PolicyEffect;
  readonly requires: Requirement | null;
  /** Of a refusing policy: what would pass. */
  readonly message: string | null;
  readonly limits: readonly PolicyLimit[];
  appliesTo(capability: string): boolean;
  evaluate(facts: SomeFacts): Verdict;
}
