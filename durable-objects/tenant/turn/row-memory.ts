import type { EntryType } from '@countersign/protocol/entry-types';
import { storedKeys } from '../idempotency/stored-key.ts';
import { queueLane } from '../proposals/lane.ts';
import type { Head, IdempotencyRow, ProposalRow } from '../schema.ts';
import { readAhead } from '../storage/read.ts';
import type { Body } from './body.ts';
import { Bounded } from './bounded.ts';
import { forEachTable, type KeyedName, keyedNames, keyOfRow, type RowOf } from './keyed-tables.ts';
import type { Needs } from './needs.ts';
import { QueueMemory } from './queue-memory.ts';
import { type Changes, noRows, type Rows, type Sealed } from './rows.ts';

/** How many rows of a kind are remembered. Open proposals that people and runners work on at once are fewer. */
const MOST_ROWS = 1_000;
/** Characters. A larger submission is read again rather than kept. */
const LARGEST_BODY = 16_384;
/** Entries whose bodies later turns need. */
const holdsBody: ReadonlySet<string> = new Set<EntryType>([
  'proposal.requested',
  'proposal.revised',
  'proposal.submitted',
  'rehearsal.reported',
  'action.requested',
  'step.added',
  'task.completed',
  'control.saved',
]);

type KeyedMemory = { readonly [Name in KeyedName]: Bounded<string, RowOf<Name> | null> };

/**
 * Rows as they are at the head that this object saw last, so that most turns need no read. It is a hint that cannot
 * mislead: a turn that decided on it writes behind the head's guard, and so finds out when the head has moved; one
 * that would change nothing reads before it answers. To lose it costs a read.
 */
export class RowMemory {
  #head: Head | undefined;
  /** Null: there is no such row. */
  readonly #rows = forEachTable<KeyedMemory>(() => new Bounded<string, unknown>(MOST_ROWS));
  readonly #proposals = new Bounded<string, ProposalRow>(MOST_ROWS);
  readonly #bodies = new Bounded<number, string | Body>(MOST_ROWS);
  readonly #keys = new Bounded<string, IdempotencyRow>(MOST_ROWS);
  readonly #queues = new QueueMemory();

  /**
   * Everything that these needs name, or undefined when something must be read. Keys that are not remembered are
   * taken for new ones, and who asks for who they were; the batch then carries a guard for both.
   */
  recall(needs: Needs, now: number): Rows | undefined {
    if (this.#head === undefined || needs.due || needs.roster || needs.tallies.size > 0) return undefined;
    if (needs.events.size > 0 || needs.rehearsals.size > 0 || needs.lanes.size > 0) return undefined;
    const keyed = this.#recallRows(needs);
    const queued = this.#recallQueues(needs);
    if (!keyed || !queued) return undefined;
    const whole = new Set([...needs.submissions, ...queued.map((row) => row.proposal_id)]);
    const proposals = all(new Set([...needs.proposals, ...whole]), this.#proposals);
    if (!proposals) return undefined;
    const wanted = proposals.filter((row) => whole.has(row.proposal_id)).map((row) => row.body_seq);
    const bodies = all(new Set([...wanted, ...needs.bodies]), this.#bodies);
    const current = new Set(proposals.map((row) => row.lease_id));
    if (!bodies || [...needs.leases].some((lease) => !current.has(lease))) return undefined;
    const names = [...needs.keys].flatMap((key) => storedKeys(key, now));
    const keys = names.map((name) => this.#keys.get(name)).filter((row) => row !== undefined);
    const known = new Set(keys.map((row) => row.key));
    const { members, credentials } = keyed;
    return {
      ...noRows(),
      head: this.#head,
      keyed,
      proposals,
      bodies: [...new Set([...wanted, ...needs.bodies])].map((seq, place) => ({
        seq,
        body: bodies[place] ?? '',
      })),
      keys,
      assumed: { absentKeys: names.filter((name) => !known.has(name)), members, credentials },
      queued: queued.map((row) => row.seq),
    };
  }

  /** Takes in what was just read for these needs. Rows of another head than the remembered replace everything. */
  learn(needs: Needs, rows: Rows): void {
    if (rows.head === undefined || rows.head.nonce !== this.#head?.nonce) this.forget();
    this.#head = rows.head;
    for (const name of keyedNames) this.#learnRows(name, needs.rows[name], rows.keyed[name]);
    for (const row of rows.keys) this.#keys.set(row.key, row);
    for (const row of rows.proposals) this.#keepProposal(row);
    for (const { seq, body } of rows.bodies) {
      if (typeof body !== 'string' || body.length <= LARGEST_BODY) this.#bodies.set(seq, body);
    }
    const bySeq = new Map(rows.proposals.map((row) => [row.seq, row]));
    const jobs = rows.queued.map((seq) => bySeq.get(seq)).filter((row) => row !== undefined);
    for (const [source, limit] of needs.queue) {
      const lane = queueLane(source);
      this.#queues.learn(
        source,
        readAhead(limit),
        jobs.filter((row) => row.lane === lane),
      );
    }
  }

  /** Takes in what was just written. */
  follow(changes: Changes): void {
    this.#head = changes.head;
    for (const { before, after } of changes.proposals) {
      this.#keepProposal(after);
      this.#queues.follow(before, after);
    }
    for (const name of keyedNames) {
      this.#learnRows(
        name,
        [],
        changes.rows[name].map(({ after }) => after),
      );
    }
    for (const key of changes.outdatedCounters) this.#rows.counters.delete(key);
    for (const row of changes.keys) this.#keys.set(row.key, row);
    for (const sealed of changes.entries) this.#keepBody(sealed);
  }

  forget(): void {
    this.#head = undefined;
    for (const name of keyedNames) this.#rows[name].clear();
    for (const rows of [this.#proposals, this.#bodies, this.#keys, this.#queues]) rows.clear();
  }

  #learnRows<Name extends KeyedName>(
    name: Name,
    asked: Iterable<string>,
    found: readonly RowOf<Name>[],
  ): void {
    const rows: Bounded<string, unknown> = this.#rows[name];
    for (const key of asked) rows.set(key, null);
    for (const row of found) rows.set(keyOfRow(name, row), row);
  }

  /** The rows that are asked for, or undefined when it is not known of one whether it is there. */
  #recallRows(needs: Needs): Rows['keyed'] | undefined {
    const recalled = forEachTable<{ [Name in KeyedName]: unknown[] | undefined }>((name) =>
      all<string, unknown>(needs.rows[name], this.#rows[name]),
    );
    if (keyedNames.some((name) => recalled[name] === undefined)) return undefined;
    // Who asks may have been made known behind this object's back, and no guard would tell.
    if (recalled.members?.includes(null) || recalled.credentials?.includes(null)) return undefined;
    return forEachTable((name) => recalled[name]?.filter((row) => row !== null));
  }

  #recallQueues(needs: Needs): readonly ProposalRow[] | undefined {
    const queues = [...needs.queue].map(([source, limit]) => this.#queues.recall(source, limit));
    const known = queues.filter((jobs) => jobs !== undefined);
    return known.length === queues.length ? known.flat() : undefined;
  }

  /** One that has ended is hardly ever asked for again. */
  #keepProposal(row: ProposalRow): void {
    if (row.lane === null) {
      this.#proposals.delete(row.proposal_id);
      this.#bodies.delete(row.body_seq);
    } else {
      this.#proposals.set(row.proposal_id, row);
    }
  }

  #keepBody({ entry, bodyText }: Sealed): void {
    if (holdsBody.has(entry.type) && bodyText.length <= LARGEST_BODY) this.#bodies.set(entry.seq, bodyText);
  }
}

/** The rows of all these keys, or undefined when one is not there. */
function all<Key, Row>(keys: ReadonlySet<Key>, rows: Bounded<Key, Row>): Row[] | undefined {
  const found = [...keys].map((key) => rows.get(key)).filter((row) => row !== undefined);
  return found.length === keys.size ? found : undefined;
}
