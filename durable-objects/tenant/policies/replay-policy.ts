import type { CompiledPolicy } from './compiled-policy.ts';
import { judge } from './judge.ts';
import type { Counter } from './limits.ts';
import type { PolicyFacts } from './policy-facts.ts';

/** A proposal of the past: what was known of it when it was made, and what became of it. */
export interface PastProposal {
  readonly proposal_id: string;
  readonly facts: PolicyFacts;
  readonly outcome: string;
  /** Who decided, as `person:...` or `policy:...`; null where nobody did. */
  readonly decided_by: string | null;
}

/** Ids of proposals, in the order of their times. The others are left to people by the contract's requirement. */
export interface Replayed {
  readonly would_approve: readonly string[];
  readonly would_ask: readonly string[];
  readonly would_refuse: readonly string[];
  /** Of those that it would have approved. */
  readonly of_these_rejected_by_people: readonly {
    readonly proposal_id: string;
    readonly decided_by: string | null;
  }[];
}

/** What a policy alone would have done, its limits counted along the history by day. */
export function replayPolicy(policy: CompiledPolicy, history: readonly PastProposal[]): Replayed {
  const counters = new Map<string, Counter>();
  const ids = {
    approve: [] as string[],
    ask: [] as string[],
    refuse: [] as string[],
    default: [] as string[],
  };
  const rejected: { proposal_id: string; decided_by: string | null }[] = [];
  for (const { proposal_id, facts, outcome, decided_by } of inOrder(history)) {
    const judged = judge([policy], facts, (key) => counters.get(key));
    ids[judged.kind].push(proposal_id);
    if (judged.kind !== 'approve') continue;
    for (const { key, count, total } of judged.counts) {
      const stands = counters.get(key) ?? { count: 0, total: 0 };
      counters.set(key, { count: stands.count + count, total: stands.total + total });
    }
    if (outcome === 'rejected') rejected.push({ proposal_id, decided_by });
  }
  return {
    would_approve: ids.approve,
    would_ask: ids.ask,
    would_refuse: ids.refuse,
    of_these_rejected_by_people: rejected,
  };
}

function inOrder(history: readonly PastProposal[]): PastProposal[] {
  return history.toSorted((left, right) => left.facts.now - right.facts.now);
}
