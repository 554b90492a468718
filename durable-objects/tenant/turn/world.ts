import { canonicalJson, digest } from '@countersign/protocol/canonical-json';
import { entryHashOver, type LedgerEntry } from '@countersign/protocol/ledger';
import { foldProposal } from '../proposals/fold-proposal.ts';
import { queueLane, queueOf } from '../proposals/lane.ts';
import { foldRunner } from '../runners/fold-runner.ts';
import type {
  ActivityRow,
  CredentialRow,
  Head,
  IdempotencyRow,
  LedgerRow,
  MemberRow,
  ProposalRow,
  RunnerRow,
  SourceRow,
} from '../schema.ts';
import { type Draft, type Placed, runnerSubject, type Submission } from './event.ts';
import { moveBetweenLanes } from './head.ts';
import type { Volatile } from './outcome.ts';

/** What one batch of reads brought. */
export interface Rows {
  head: Head | undefined;
  members: MemberRow[];
  credentials: CredentialRow[];
  sources: SourceRow[];
  runners: RunnerRow[];
  proposals: ProposalRow[];
  submissions: { seq: number; body: string | Submission }[];
  entries: LedgerRow[];
  keys: IdempotencyRow[];
  events: ActivityRow[];
  /** Sequences of queued proposals, in the order of their queues. */
  queued: number[];
  due: number[];
  deadlines: number[];
  /** Keys that count no more. */
  forgotten: string[];
  /** What was not read in this turn but remembered, and what is written depends on. */
  assumed: Assumed;
}

/** Facts that the head does not vouch for, so that the batch must: it fails when one of them is not so. */
export interface Assumed {
  /** Keys that are taken for new. */
  readonly absentKeys: readonly string[];
  /** Who asked, as they were known: a revocation holds at the next request, however it was made. */
  readonly members: readonly MemberRow[];
  readonly credentials: readonly CredentialRow[];
}

export const nothingAssumed: Assumed = { absentKeys: [], members: [], credentials: [] };

/** An entry with the canonical text of its body, which is what is stored. */
export interface Sealed {
  readonly entry: LedgerEntry;
  readonly bodyText: string;
}

/** What a turn adds to the tables, and what it changes. */
export interface Changes {
  readonly entries: readonly Sealed[];
  readonly proposals: readonly { readonly before: ProposalRow | undefined; readonly after: ProposalRow }[];
  readonly runners: readonly { readonly before: RunnerRow | undefined; readonly after: RunnerRow }[];
  readonly keys: readonly IdempotencyRow[];
  readonly forgottenKeys: readonly string[];
  readonly assumed: Assumed;
  readonly events: readonly ActivityRow[];
  readonly head: Head;
}

/**
 * The part of a tenant's state that a turn looks at. Rules read it; the turn alone changes it, by appending
 * entries, so that a later command of the same turn sees what an earlier one did.
 */
export class World {
  readonly tenant: string;
  readonly due: readonly number[];
  readonly deadlines: readonly number[];
  #head: Head | undefined;
  readonly #proposals = new Table<number, ProposalRow>();
  readonly #sequences = new Map<string, number>();
  readonly #submissions = new Map<number, string | Submission>();
  readonly #runners = new Table<string, RunnerRow>();
  readonly #members: Map<string, MemberRow>;
  readonly #credentials: Map<string, CredentialRow>;
  readonly #sources: Map<string, SourceRow>;
  readonly #leases: Map<number, LedgerRow>;
  readonly #keys = new Table<string, IdempotencyRow>();
  readonly #events = new Table<string, ActivityRow>();
  readonly #queued: Set<number>;
  readonly #entries: Sealed[] = [];
  readonly #forgotten: readonly string[];
  readonly #assumed: Assumed;
  #moved = false;

  constructor(tenant: string, rows: Rows) {
    this.tenant = tenant;
    this.#head = rows.head;
    this.due = rows.due;
    this.deadlines = rows.deadlines;
    this.#forgotten = rows.forgotten;
    this.#assumed = rows.assumed;
    for (const row of rows.proposals) {
      this.#proposals.load(row.seq, row);
      this.#sequences.set(row.proposal_id, row.seq);
    }
    for (const { seq, body } of rows.submissions) this.#submissions.set(seq, body);
    for (const row of rows.runners) this.#runners.load(row.runner_id, row);
    for (const row of rows.keys) this.#keys.load(row.key, row);
    for (const row of rows.events) this.#events.load(eventKey(row.runner_id, row.event_id), row);
    this.#members = new Map(rows.members.map((row) => [row.person, row]));
    this.#credentials = new Map(rows.credentials.map((row) => [row.credential_id, row]));
    this.#sources = new Map(rows.sources.map((row) => [row.source_id, row]));
    this.#leases = new Map(rows.entries.map((row) => [row.seq, row]));
    this.#queued = new Set(rows.queued);
  }

  /** Undefined: the provisioner has made no such tenant, so nothing may be written. */
  get head(): Head | undefined {
    return this.#head;
  }

  /** The sequence that the next entry will get; ids of what it creates are made from it. */
  get nextSeq(): number {
    return (this.#head?.seq ?? 0) + 1;
  }

  proposal(id: string): ProposalRow | undefined {
    const seq = this.#sequences.get(id);
    return seq === undefined ? undefined : this.#proposals.get(seq);
  }

  proposalAt(seq: number): ProposalRow | undefined {
    return this.#proposals.get(seq);
  }

  /** What was submitted; undefined when the command did not ask for it. */
  submission(seq: number): Submission | undefined {
    const known = this.#submissions.get(seq);
    if (typeof known !== 'string') return known;
    const parsed = JSON.parse(known) as Submission;
    this.#submissions.set(seq, parsed);
    return parsed;
  }

  member(person: string): MemberRow | undefined {
    return this.#members.get(person);
  }

  credential(id: string): CredentialRow | undefined {
    return this.#credentials.get(id);
  }

  source(id: string): SourceRow | undefined {
    return this.#sources.get(id);
  }

  runner(id: string): RunnerRow | undefined {
    return this.#runners.get(id);
  }

  leaseEntry(seq: number): LedgerRow | undefined {
    return this.#leases.get(seq);
  }

  /** A proposal as it was when the turn began. */
  proposalBefore(seq: number): ProposalRow | undefined {
    return this.#proposals.loaded(seq);
  }

  rememberedKey(key: string): IdempotencyRow | undefined {
    return this.#keys.get(key);
  }

  event(runnerId: string, eventId: string): ActivityRow | undefined {
    return this.#events.get(eventKey(runnerId, eventId));
  }

  /** Queued proposals of a source whose submissions are at hand, first come first. */
  queue(sourceId: string): ProposalRow[] {
    const lane = queueLane(sourceId);
    return [...this.#queued]
      .map((seq) => this.#proposals.get(seq))
      .filter((row) => row !== undefined && row.lane === lane)
      .filter((row) => row !== undefined)
      .sort((a, b) => (a.rank ?? 0) - (b.rank ?? 0) || a.seq - b.seq);
  }

  /** Proposals that this turn queued, by source. */
  get newlyQueued(): ProposalRow[] {
    return this.#proposals
      .changed()
      .map(({ after }) => after)
      .filter((row) => queueOf(row.lane) !== undefined);
  }

  /** Gives a draft its place at the end of the ledger and folds it into the rows. */
  append(draft: Draft, now: number): LedgerEntry {
    const head = this.#head;
    if (head === undefined) throw new TypeError('a tenant without a head takes no entries');
    const tip = this.#tipOf(draft);
    const unsealed = {
      tenant: this.tenant,
      seq: head.seq + 1,
      at: new Date(now).toISOString(),
      actor: draft.actor,
      type: draft.type,
      subject: draft.subject,
      body: draft.body,
      prev_hash: head.hash,
      prev_subject_seq: tip?.tip_seq ?? null,
      prev_subject_hash: tip?.tip_hash ?? null,
    };
    const bodyText = canonicalJson(draft.body);
    const entry: LedgerEntry = { ...unsealed, hash: entryHashOver(unsealed, bodyText) };
    this.#entries.push({ entry, bodyText });
    this.#head = { ...head, seq: entry.seq, hash: entry.hash };
    this.#fold({ ...draft, seq: entry.seq, at: now, hash: entry.hash });
    return entry;
  }

  /** Changes that leave no entry. */
  touch(change: Volatile): void {
    this.#moved = true;
    if ('swept' in change) return;
    if ('renewed' in change) {
      const row = this.#proposals.get(change.renewed.seq);
      const until = change.renewed.lease_expires_at;
      if (row !== undefined) this.#proposals.set(row.seq, { ...row, lease_expires_at: until, rank: until });
    } else {
      const row = this.#runners.get(change.seen.runner_id);
      if (row !== undefined)
        this.#runners.set(row.runner_id, { ...row, last_seen_at: change.seen.last_seen_at });
    }
  }

  remember(row: IdempotencyRow): void {
    this.#keys.set(row.key, row);
  }

  rememberOn(seq: number, remembered: ProposalRow['remembered']): void {
    const row = this.#proposals.get(seq);
    if (row !== undefined) this.#proposals.set(seq, { ...row, remembered });
  }

  /** Everything to write, or undefined when nothing changed. `nonce` names the batch that will write it. */
  changes(nonce: string): Changes | undefined {
    const head = this.#head;
    const isQuiet = this.#entries.length === 0 && this.#forgotten.length === 0 && !this.#moved;
    if (head === undefined || isQuiet) return undefined;
    return {
      entries: this.#entries,
      proposals: this.#proposals.changed(),
      runners: this.#runners.changed(),
      keys: this.#keys.changed().map(({ after }) => after),
      forgottenKeys: this.#forgotten,
      assumed: this.#assumed,
      events: this.#events.changed().map(({ after }) => after),
      head: { ...head, turn: head.turn + 1, nonce },
    };
  }

  #tipOf(draft: Draft): { tip_seq: number; tip_hash: string } | undefined {
    return this.proposal(draft.subject) ?? this.#runnerOf(draft.subject);
  }

  #runnerOf(subject: string): RunnerRow | undefined {
    return subject.startsWith(runnerSubject(''))
      ? this.#runners.get(subject.slice(runnerSubject('').length))
      : undefined;
  }

  #fold(entry: Placed): void {
    if (isActivity(entry)) {
      const { runner_id, event_id } = entry.body;
      const row = { tenant: this.tenant, runner_id, event_id, seq: entry.seq, digest: digest(entry.body) };
      this.#events.set(eventKey(runner_id, event_id), row);
    }
    if (entry.subject.startsWith(runnerSubject(''))) {
      const runnerId = entry.subject.slice(runnerSubject('').length);
      const after = foldRunner(this.tenant, this.#runners.get(runnerId), entry);
      if (after !== undefined) this.#runners.set(runnerId, after);
      return;
    }
    const before = this.proposal(entry.subject);
    const after = foldProposal(this.tenant, before, entry);
    if (after === undefined) return;
    this.#proposals.set(after.seq, after);
    this.#sequences.set(after.proposal_id, after.seq);
    if (entry.type === 'proposal.submitted') this.#submissions.set(after.seq, entry.body);
    if (queueOf(after.lane) !== undefined && this.#submissions.has(after.seq)) this.#queued.add(after.seq);
    this.#count(before?.lane ?? null, after.lane);
  }

  #count(from: string | null, to: string | null): void {
    if (this.#head === undefined || from === to) return;
    this.#head = { ...this.#head, counters: moveBetweenLanes(this.#head.counters, from, to) };
  }
}

type ActivityEntry = Extract<Placed, { body: { event_id: string } }>;

function isActivity(entry: Placed): entry is ActivityEntry {
  return 'event_id' in entry.body;
}

function eventKey(runnerId: string, eventId: string): string {
  return `${runnerId} ${eventId}`;
}

/** Rows by key, with what they were before the turn. */
class Table<Key, Row> {
  readonly #loaded = new Map<Key, Row>();
  readonly #changed = new Map<Key, Row>();

  load(key: Key, row: Row): void {
    this.#loaded.set(key, row);
  }

  get(key: Key): Row | undefined {
    return this.#changed.get(key) ?? this.#loaded.get(key);
  }

  set(key: Key, row: Row): void {
    this.#changed.set(key, row);
  }

  loaded(key: Key): Row | undefined {
    return this.#loaded.get(key);
  }

  changed(): { before: Row | undefined; after: Row }[] {
    return [...this.#changed].map(([key, after]) => ({ before: this.#loaded.get(key), after }));
  }
}
