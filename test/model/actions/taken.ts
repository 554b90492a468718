/** Steps that the product has and every number of runs must have taken. */
const required = {
  'action: none': ['proposed', 'held', 'queued'],
  'action: proposed': ['queued', 'rejected', 'expired'],
  'action: held': ['queued', 'rejected', 'canceled', 'expired'],
  'action: queued': ['claimed', 'canceled', 'expired'],
  'action: resting': ['queued'],
  'action: behind': ['queued'],
  'action: claimed': ['queued', 'succeeded', 'failed', 'unknown', 'dead_letter'],
  'action: unknown': ['queued', 'failed'],
  'action: dead_letter': ['queued'],
  'target: closed': ['open'],
  'target: open': ['trying', 'closed'],
  'recovered: dead letters': ['several'],
  'refused: approve': ['action_already_decided', 'decision_outdated'],
  'refused: reject': ['action_already_decided', 'decision_outdated'],
  'refused: cancel': ['action_not_found', 'action_not_cancelable'],
  'refused: begin': ['claim_required', 'claim_foreign', 'claim_expired'],
  'refused: renew': ['claim_required', 'claim_foreign', 'claim_expired'],
  'refused: return': ['claim_required', 'claim_foreign', 'claim_expired'],
  'refused: confirm': ['claim_required', 'claim_foreign', 'claim_expired', 'confirm_differs'],
  'refused: settle': ['action_not_settleable'],
  'refused: recover': ['recovery_outdated'],
} as const;

/** Those that are as right, but so rare that only many runs are sure to take them. */
const rare = {
  'action: proposed': ['canceled'],
  'action: unknown': ['succeeded'],
  'action: dead_letter': ['succeeded', 'failed'],
  // A trial whose worker was lost is followed by another one.
  'target: trying': ['open', 'closed', 'trying'],
  'recovered: dead letters': ['one'],
  'refused: approve': ['action_expired'],
  'refused: reject': ['action_expired'],
  'refused: return': ['claim_begun'],
} as const;

/** So many runs take the rare ones as well. */
const MANY_RUNS = 600;

function namesOf(steps: Readonly<Record<string, readonly string[]>>): string[] {
  return Object.entries(steps).flatMap(([from, all]) => all.map((to) => `${from} -> ${to}`));
}

/** How often each was taken. */
export class Taken {
  readonly #counts = new Map<string, number>();

  step(kind: 'action' | 'target' | 'recovered' | 'refused', from: string, to: string): void {
    const name = `${kind}: ${from} -> ${to}`;
    this.#counts.set(name, (this.#counts.get(name) ?? 0) + 1);
  }

  get all(): ReadonlyMap<string, number> {
    return this.#counts;
  }

  /** Steps that so many runs should have taken, and never did. */
  missing(runs: number): string[] {
    const all = runs < MANY_RUNS ? namesOf(required) : [...namesOf(required), ...namesOf(rare)];
    return all.filter((name) => !this.#counts.has(name));
  }

  /** Steps that there are not. */
  get unheardOf(): string[] {
    const known = new Set([...namesOf(required), ...namesOf(rare)]);
    return [...this.#counts.keys()].filter((name) => !known.has(name));
  }
}
