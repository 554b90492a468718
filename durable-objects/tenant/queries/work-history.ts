import type { EntryType } from '@countersign/protocol/ledger';

/** In how many pieces of the same length a stretch is told. */
const PIECES = 24;

/** What is read of an entry to tell how work went. */
export interface Happening {
  /** Unix milliseconds. */
  readonly at: number;
  readonly type: string;
  readonly subject: string;
  /** How a runner's report ended; null for all else. */
  readonly status: string | null;
}

/** One for each piece. */
type Counts = readonly number[];
/** Seconds; null for a piece in which nothing ended its wait. */
interface Waits {
  readonly median: readonly (number | null)[];
  readonly longest: readonly (number | null)[];
}
export interface WorkHistory {
  readonly pieces: number;
  /** What runners reported of changes. */
  readonly applies: Readonly<Record<Outcome, Counts>>;
  /** How long changes that were let go waited until a runner took them. */
  readonly queue_seconds: Waits;
  /** From a proposal until it was approved or rejected, by people and policies. */
  readonly decision_seconds: Waits;
  /** Work that a runner took and said nothing of in time. */
  readonly lapses: Readonly<Record<(typeof LAPSED)[keyof typeof LAPSED], Counts>>;
}

type Outcome = 'applied' | 'conflict' | 'failed' | 'other';

/** When something began to wait for a runner, by the end that its job may come from. */
const QUEUED = setOf(
  'proposal.approved',
  'job.ready',
  'job.requeued',
  'job.released',
  'job.lease_expired',
  'job.thawed',
);
const ASKED = setOf('proposal.requested', 'proposal.submitted');
const DECIDED = setOf('proposal.approved', 'proposal.rejected');
const LAPSED = {
  'job.lease_expired': 'changes',
  'action.claim_expired': 'actions',
  'task.lease_expired': 'tasks',
} as const satisfies Partial<Record<EntryType, string>>;

function setOf(...types: readonly EntryType[]): ReadonlySet<string> {
  return new Set(types);
}

/** How work went from `since` to `until` (Unix milliseconds). What began before the stretch is not measured. */
export function workHistory(happenings: readonly Happening[], since: number, until: number): WorkHistory {
  const length = Math.max(1, until - since) / PIECES;
  const tally = new Tally((at) => Math.min(PIECES - 1, Math.max(0, Math.floor((at - since) / length))));
  const [queued, asked] = [new Map<string, number>(), new Map<string, number>()];
  for (const { at, status, subject, type } of happenings) {
    if (type === 'job.leased') tally.wait('queue', at, queued, subject);
    if (DECIDED.has(type)) tally.wait('decision', at, asked, subject);
    if (type === 'writeback.result') tally.add(outcomeOf(status), at);
    if (isLapse(type)) tally.add(LAPSED[type], at);
    if (QUEUED.has(type)) queued.set(subject, at);
    if (ASKED.has(type)) asked.set(subject, at);
  }
  return {
    pieces: PIECES,
    applies: {
      applied: tally.counts('applied'),
      conflict: tally.counts('conflict'),
      failed: tally.counts('failed'),
      other: tally.counts('other'),
    },
    queue_seconds: tally.waits('queue'),
    decision_seconds: tally.waits('decision'),
    lapses: {
      changes: tally.counts('changes'),
      actions: tally.counts('actions'),
      tasks: tally.counts('tasks'),
    },
  };
}

function isLapse(type: string): type is keyof typeof LAPSED {
  return Object.hasOwn(LAPSED, type);
}

function outcomeOf(status: string | null): Outcome {
  if (status === 'applied' || status === 'already_applied') return 'applied';
  return status === 'conflict' || status === 'failed' ? status : 'other';
}

type Name = Outcome | (typeof LAPSED)[keyof typeof LAPSED] | 'queue' | 'decision';

/** What was counted and measured in each piece, by name. */
class Tally {
  readonly #pieceOf: (at: number) => number;
  readonly #found = new Map<Name, number[][]>();

  constructor(pieceOf: (at: number) => number) {
    this.#pieceOf = pieceOf;
  }

  add(name: Name, at: number, value = 1): void {
    this.#of(name)[this.#pieceOf(at)]?.push(value);
  }

  /** Measures, in seconds, what began to wait in the stretch, once. */
  wait(name: Name, at: number, since: Map<string, number>, subject: string): void {
    const began = since.get(subject);
    since.delete(subject);
    if (began !== undefined) this.add(name, at, Math.max(0, at - began) / 1_000);
  }

  counts(name: Name): Counts {
    return this.#of(name).map(({ length }) => length);
  }

  waits(name: Name): Waits {
    const values = this.#of(name).map((piece) => piece.toSorted((a, b) => a - b));
    return {
      median: values.map((piece) => piece[Math.floor(piece.length / 2)] ?? null),
      longest: values.map((piece) => piece.at(-1) ?? null),
    };
  }

  #of(name: Name): number[][] {
    const known = this.#found.get(name) ?? Array.from({ length: PIECES }, () => []);
    this.#found.set(name, known);
    return known;
  }
}
