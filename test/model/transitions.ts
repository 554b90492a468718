/** The steps from one state to another that the product has, each of which the runs must have taken. */
const required = {
  proposal: {
    none: ['pending_review', 'rehearsing'],
    rehearsing: ['rehearsing', 'pending_review', 'rejected', 'canceled'],
    pending_review: [
      'pending_review',
      'rehearsing',
      'changes_requested',
      'approved',
      'rejected',
      'canceled',
      'expired',
    ],
    changes_requested: ['pending_review', 'rehearsing', 'rejected', 'expired'],
    approved: ['applied', 'conflict', 'failed', 'canceled', 'indeterminate'],
    conflict: ['indeterminate'],
    failed: ['indeterminate'],
    canceled: ['indeterminate'],
  },
  job: {
    none: ['queued'],
    queued: [
      'leased',
      'applied',
      'already_applied',
      'conflict',
      'failed',
      'canceled',
      'reconciliation_required',
    ],
    leased: [
      'queued',
      'resting',
      'applied',
      'already_applied',
      'conflict',
      'failed',
      'canceled',
      'reconciliation_required',
      'dead_letter',
    ],
    resting: ['queued'],
    dead_letter: ['queued', 'canceled', 'applied'],
  },
  runner: { none: ['online'], online: ['draining', 'stale'], draining: ['online'], stale: ['online'] },
} as const;

const ended = [
  'applied',
  'already_applied',
  'conflict',
  'failed',
  'canceled',
  'reconciliation_required',
] as const;

/** Those that are as right, but too rare to be sure of in every number of runs. */
const possible = {
  proposal: {
    indeterminate: ['indeterminate'],
    rehearsing: ['expired'],
    changes_requested: ['canceled'],
  },
  job: { resting: ended, dead_letter: ended },
  runner: { stale: ['draining'] },
} as const;

function namesOf(steps: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>): string[] {
  return Object.entries(steps).flatMap(([kind, froms]) =>
    Object.entries(froms).flatMap(([from, tos]) => tos.map((to) => `${kind}: ${from} -> ${to}`)),
  );
}

/** How often each was taken. */
export class Taken {
  readonly #counts = new Map<string, number>();

  count(kind: 'proposal' | 'job' | 'runner', from: string | null, to: string): void {
    const name = `${kind}: ${from ?? 'none'} -> ${to}`;
    this.#counts.set(name, (this.#counts.get(name) ?? 0) + 1);
  }

  get all(): ReadonlyMap<string, number> {
    return this.#counts;
  }

  /** Steps that were never taken. */
  get missing(): string[] {
    return namesOf(required).filter((name) => !this.#counts.has(name));
  }

  /** Steps that there are not. */
  get unheardOf(): string[] {
    const known = new Set([...namesOf(required), ...namesOf(possible)]);
    return [...this.#counts.keys()].filter((name) => !known.has(name));
  }
}
