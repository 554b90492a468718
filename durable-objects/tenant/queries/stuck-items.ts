import type { RawRow, Statement } from '../storage/database.ts';
import { time } from './proposal-view.ts';

/** Of each lane; an outlook, not a list of all. */
const MOST_A_LANE = 3;
/** Of each kind of lane, of which there is one for each source, target, handler or freeze. */
const MOST_LANES = 20;
const MOST_ITEMS = 100;
/** Milliseconds that a sweep may be late. */
const SWEPT_WITHIN = 30_000;

type Noun = 'proposal' | 'action' | 'task';
type Why =
  | 'waits_for_people'
  | 'waits_for_rehearsal'
  | 'waits_for_runner'
  | 'waits_for_worker'
  | 'waits_for_proposal'
  | 'waits_in_order'
  | 'frozen'
  | 'not_swept'
  | 'lease_not_swept'
  | 'reconciliation_required'
  | 'dead_letter';

/** A kind of lane: all that begin with it and a slash where that is there, else just this one. */
interface LaneKind {
  readonly lane: string;
  readonly why: Why;
  /** Only what the clock should have moved: its rank is a time that is over. */
  readonly isOverdue?: true;
  /** What gets it moving. */
  next(id: string, rest: string): string;
}

interface Table {
  readonly noun: Noun;
  readonly table: string;
  readonly key: string;
  readonly id: string;
  /** When it began to wait in a queue, where the row says. */
  readonly queuedAt: string;
  readonly kinds: readonly LaneKind[];
}

const unswept = () => 'countersign doctor';
const lift = (_: string, freeze: string) => `countersign fleet lift ${freeze}`;

const tables: readonly Table[] = [
  {
    noun: 'proposal',
    table: 'proposals',
    key: 'seq',
    id: 'proposal_id',
    queuedAt: 'queued_at',
    kinds: [
      { lane: 'review', why: 'waits_for_people', next: (id) => `countersign proposals show ${id}` },
      { lane: 'rehearse/', why: 'waits_for_rehearsal', next: () => 'countersign fleet runners' },
      { lane: 'queue/', why: 'waits_for_runner', next: () => 'countersign fleet runners' },
      { lane: 'frozen/', why: 'frozen', next: lift },
      { lane: 'later', why: 'not_swept', isOverdue: true, next: unswept },
      { lane: 'lease', why: 'lease_not_swept', isOverdue: true, next: unswept },
      { lane: 'unknown', why: 'reconciliation_required', next: (id) => `countersign replay ${id}` },
      { lane: 'dead', why: 'dead_letter', next: (id) => `countersign jobs requeue wbj_${id}` },
    ],
  },
  {
    noun: 'action',
    table: 'actions',
    key: 'action_id',
    id: 'action_id',
    queuedAt: 'NULL',
    kinds: [
      { lane: 'review', why: 'waits_for_people', next: (id) => `countersign actions show ${id}` },
      { lane: 'tied', why: 'waits_for_proposal', next: (id) => `countersign actions show ${id}` },
      { lane: 'order/', why: 'waits_in_order', next: (id) => `countersign actions show ${id}` },
      { lane: 'queue/', why: 'waits_for_worker', next: () => 'countersign actions targets' },
      { lane: 'frozen/', why: 'frozen', next: lift },
      { lane: 'later', why: 'not_swept', isOverdue: true, next: unswept },
      { lane: 'lease', why: 'lease_not_swept', isOverdue: true, next: unswept },
      { lane: 'unknown', why: 'reconciliation_required', next: (id) => `countersign actions settle ${id}` },
      { lane: 'dead/', why: 'dead_letter', next: (_, target) => `countersign actions recover ${target}` },
    ],
  },
  {
    noun: 'task',
    table: 'steps',
    key: 'step_id',
    id: 'step_id',
    queuedAt: 'NULL',
    kinds: [
      { lane: 'task/', why: 'waits_for_worker', next: () => 'countersign fleet runners' },
      { lane: 'later', why: 'not_swept', isOverdue: true, next: unswept },
      { lane: 'lease', why: 'lease_not_swept', isOverdue: true, next: unswept },
    ],
  },
];

/** One statement for each table: what has waited longest in each of its lanes. */
export function stuckReads(tenant: string, now: number): readonly Statement[] {
  return tables.map((table) => ({
    sql: sqlFor(table),
    params: [tenant, JSON.stringify(table.kinds.map(rangeOf)), MOST_LANES, MOST_A_LANE, now - SWEPT_WITHIN],
  }));
}

/**
 * Lanes are found by jumping from one to the next in their index, so a backlog costs nothing: a row is looked at only
 * where it is among the first of its lane.
 */
function sqlFor({ id, key, queuedAt, table }: Table): string {
  const next = (after: string, until: string) =>
    `(SELECT t.lane FROM ${table} t WHERE t.tenant = ?1 AND t.lane ${after} AND t.lane < ${until} ` +
    'ORDER BY t.lane LIMIT 1)';
  return (
    'WITH RECURSIVE found (lane, until, overdue, place) AS (' +
    `SELECT ${next('>= k.value ->> 0', 'k.value ->> 1')}, k.value ->> 1, k.value ->> 2, 1 FROM json_each(?2) k ` +
    `UNION ALL SELECT ${next('> f.lane', 'f.until')}, f.until, f.overdue, f.place + 1 FROM found f ` +
    'WHERE f.lane IS NOT NULL AND f.place < ?3) ' +
    `SELECT f.lane AS lane, t.${id} AS id, ${queuedAt === 'NULL' ? 'NULL' : `t.${queuedAt}`} AS queued_at, ` +
    't.created_at AS created_at, t.updated_at AS updated_at, t.rank AS rank ' +
    `FROM found f CROSS JOIN ${table} t ON t.tenant = ?1 AND t.${key} IN ` +
    `(SELECT q.${key} FROM ${table} q WHERE q.tenant = ?1 AND q.lane = f.lane ` +
    'AND (f.overdue = 0 OR q.rank < ?5) ORDER BY q.rank LIMIT ?4) WHERE f.lane IS NOT NULL'
  );
}

/** From where to where the lanes of a kind are: `0` follows `/`, and `!` stands before it and after no other name. */
function rangeOf({ isOverdue, lane }: LaneKind): readonly [from: string, until: string, overdue: number] {
  const until = lane.endsWith('/') ? `${lane.slice(0, -1)}0` : `${lane}!`;
  return [lane, until, isOverdue === true ? 1 : 0];
}

/** What waits, longest first: by id, with why, since when, and the command that gets it moving. */
export function stuckItems(results: readonly (readonly RawRow[])[]) {
  const items = tables.flatMap((table, place) => (results[place] ?? []).flatMap((raw) => itemOf(table, raw)));
  const inOrder = items.toSorted((a, b) => a.since - b.since || (a.id < b.id ? -1 : 1));
  return {
    is_whole: inOrder.length <= MOST_ITEMS,
    items: inOrder.slice(0, MOST_ITEMS).map(({ since, ...item }) => ({ ...item, since: time(since) })),
  };
}

function itemOf({ kinds, noun }: Table, raw: RawRow) {
  const [lane, id] = [String(raw.lane), String(raw.id)];
  const kind = kinds.find((one) => (one.lane.endsWith('/') ? lane.startsWith(one.lane) : lane === one.lane));
  if (kind === undefined) return [];
  return [
    {
      kind: noun,
      id,
      lane,
      why: kind.why,
      since: since(kind, raw),
      next: kind.next(id, lane.slice(kind.lane.length)),
    },
  ];
}

function since({ isOverdue, why }: LaneKind, { created_at, queued_at, rank, updated_at }: RawRow): number {
  if (isOverdue === true) return Number(rank);
  if (why === 'waits_for_people') return Number(created_at);
  return Number(queued_at ?? updated_at);
}
