import type { CompiledPolicy } from './compiled-policy.ts';
import { judgeRows } from './judge-rows.ts';
import type { Counter } from './limits.ts';
import type { PolicyFacts } from './policy-facts.ts';

/** A proposal of the past: what was known of it when it was made, and what became of it. */
export interface PastProposal {
  readonly proposal_id: string;
  /** Of each row that it would have written. */
  readonly facts: readonly PolicyFacts[];
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

/** What a policy alone would have done, its limits counted along the history by day. Takes it in the order of time. */
export class PolicyReplay {
  readonly #policy: CompiledPolicy;
  readonly #counters = new Map<string, Counter>();
  readonly #ids = {
    approve: [] as string[],
    ask: [] as string[],
    refuse: [] as string[],
    default: [] as string[],
  };
  readonly #rejected: { proposal_id: string; decided_by: string | null }[] = [];

  constructor(policy: CompiledPolicy) {
    this.#policy = policy;
  }

  take({ proposal_id, facts, outcome, decided_by }: PastProposal): void {
    const judged = judgeRows([this.#policy], facts, (key) => this.#counters.get(key));
    this.#ids[judged.kind].push(proposal_id);
    if (judged.kind !== 'approve') return;
    for (const { key, count, total } of judged.counts) {
      const stands = this.#counters.get(key) ?? { count: 0, total: 0 };
      this.#counters.set(key, { count: stands.count + count, total: stands.total + total });
    }
    if (outcome === 'rejected') this.#rejected.push({ proposal_id, decided_by });
  }

  get replayed(): Replayed {
    const { approve, ask, refuse } = this.#ids;
    return {
      would_approve: approve,
      would_ask: ask,
      would_refuse: refuse,
      of_these_rejected_by_people: this.#rejected,
    };
  }
}
