import type { LedgerEntry } from '@countersign/protocol/ledger';
import * as z from 'zod';

/** In how many pieces of the same length the window is told. */
const PIECES = 24;

export type Unit = 'count' | 'seconds';
export type SeriesTone = 'good' | 'warn' | 'bad' | 'accent';

export interface Series {
  readonly label: string;
  readonly tone: SeriesTone;
  /** One for each piece; null where there was nothing to measure. */
  readonly values: readonly (number | null)[];
}
export interface Chart {
  readonly title: string;
  /** What is told, in one sentence. */
  readonly text: string;
  readonly unit: Unit;
  readonly series: readonly Series[];
}
export interface Charted {
  /** The beginnings of the pieces, Unix seconds. */
  readonly times: readonly number[];
  readonly charts: readonly Chart[];
}

const resultSchema = z.looseObject({ result: z.looseObject({ status: z.string() }) });
const outcomes = { applied: 'good', conflict: 'warn', failed: 'bad', other: 'accent' } as const;
type Outcome = keyof typeof outcomes;

/** When something began to wait for a runner, by the end that its job may come from. */
const QUEUED: ReadonlySet<string> = new Set([
  'proposal.approved',
  'job.ready',
  'job.requeued',
  'job.released',
  'job.lease_expired',
  'job.thawed',
]);
const ASKED: ReadonlySet<string> = new Set(['proposal.requested', 'proposal.submitted']);
const DECIDED: ReadonlySet<string> = new Set(['proposal.approved', 'proposal.rejected']);
const LAPSED = {
  'job.lease_expired': 'changes',
  'action.claim_expired': 'actions',
  'task.lease_expired': 'tasks',
} as const;

/**
 * What the entries of one stretch of the ledger say of how work went, from the first of them until `now` (Unix
 * milliseconds). What began before the stretch is not measured.
 */
export function seriesOf(entries: readonly LedgerEntry[], now: number): Charted {
  const from = Date.parse(entries[0]?.at ?? new Date(now).toISOString());
  const length = Math.max(1, now - from) / PIECES;
  const pieceOf = (at: number) => Math.min(PIECES - 1, Math.max(0, Math.floor((at - from) / length)));
  const counted = new Tally(pieceOf);
  const [queued, asked] = [new Map<string, number>(), new Map<string, number>()];
  for (const entry of entries) {
    const { subject, type } = entry;
    const at = Date.parse(entry.at);
    if (type === 'job.leased') counted.wait('queue', at, queued, subject);
    if (DECIDED.has(type)) counted.wait('decision', at, asked, subject);
    if (type === 'writeback.result') counted.add(`result/${outcomeOf(entry)}`, at);
    if (isLapse(type)) counted.add(`lapse/${LAPSED[type]}`, at);
    if (QUEUED.has(type)) queued.set(subject, at);
    if (ASKED.has(type)) asked.set(subject, at);
  }
  return {
    times: Array.from({ length: PIECES }, (_, piece) => Math.round((from + piece * length) / 1_000)),
    charts: chartsOf(counted),
  };
}

function isLapse(type: string): type is keyof typeof LAPSED {
  return Object.hasOwn(LAPSED, type);
}

function chartsOf(counted: Tally): readonly Chart[] {
  const waits = (name: string): readonly Series[] => [
    { label: 'longest', tone: 'warn', values: counted.longest(name) },
    { label: 'median', tone: 'accent', values: counted.median(name) },
  ];
  return [
    {
      title: 'Applies by outcome',
      text: 'What runners reported of changes.',
      unit: 'count',
      series: (['applied', 'conflict', 'failed', 'other'] as const).map((label) => ({
        label,
        tone: outcomes[label],
        values: counted.counts(`result/${label}`),
      })),
    },
    {
      title: 'Queue age',
      text: 'How long changes that were let go waited until a runner took them.',
      unit: 'seconds',
      series: waits('queue'),
    },
    {
      title: 'Time to decision',
      text: 'From the proposal until it was approved or rejected, by people and policies.',
      unit: 'seconds',
      series: waits('decision'),
    },
    {
      title: 'Lease expiries',
      text: 'Work that a runner took and said nothing of in time; it goes to another one.',
      unit: 'count',
      series: [
        { label: 'changes', tone: 'bad', values: counted.counts('lapse/changes') },
        { label: 'actions', tone: 'warn', values: counted.counts('lapse/actions') },
        { label: 'tasks', tone: 'accent', values: counted.counts('lapse/tasks') },
      ],
    },
  ];
}

function outcomeOf({ body }: LedgerEntry): Outcome {
  const parsed = resultSchema.safeParse(body);
  const status = parsed.success ? parsed.data.result.status : 'other';
  if (status === 'applied' || status === 'already_applied') return 'applied';
  return status === 'conflict' || status === 'failed' ? status : 'other';
}

/** What was counted and measured in each piece, by name. */
class Tally {
  readonly #pieceOf: (at: number) => number;
  readonly #found = new Map<string, number[][]>();

  constructor(pieceOf: (at: number) => number) {
    this.#pieceOf = pieceOf;
  }

  add(name: string, at: number, value = 1): void {
    this.#of(name)[this.#pieceOf(at)]?.push(value);
  }

  /** Measures, in seconds, what began to wait in the stretch, once. */
  wait(name: string, at: number, since: Map<string, number>, subject: string): void {
    const began = since.get(subject);
    since.delete(subject);
    if (began !== undefined) this.add(name, at, Math.max(0, at - began) / 1_000);
  }

  counts(name: string): readonly number[] {
    return this.#of(name).map(({ length }) => length);
  }

  longest(name: string): readonly (number | null)[] {
    return this.#of(name).map((values) => (values.length === 0 ? null : Math.max(...values)));
  }

  median(name: string): readonly (number | null)[] {
    return this.#of(name).map(
      (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? null,
    );
  }

  #of(name: string): number[][] {
    const known = this.#found.get(name) ?? Array.from({ length: PIECES }, () => []);
    this.#found.set(name, known);
    return known;
  }
}
