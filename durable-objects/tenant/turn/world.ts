import { canonicalJson, digest } from '@countersign/protocol/canonical-json';
import { entryHashOver, type LedgerEntry } from '@countersign/protocol/ledger';
import { type Limits, usualLimits } from '@countersign/protocol/limits';
import { permissionSetting } from '../access/permission-setting.ts';
import type { ActionRow } from '../actions-schema.ts';
import { type TallyName, tallyMoved } from '../limits/tally.ts';
import { type ClaimsSetting, claimsSetting } from '../members/claims.ts';
import { type SessionsSetting, sessionsSetting } from '../project/sessions.ts';
import { foldProposal } from '../proposals/fold-proposal.ts';
import { isHandedOut, queueLane, rehearsalLane } from '../proposals/lane.ts';
import { eventKey, isActivity } from '../runners/activity-key.ts';
import type { StepRow } from '../runs-schema.ts';
import type {
  ActivityRow,
  CredentialRow,
  Head,
  IdempotencyRow,
  LedgerRow,
  MemberRow,
  ProposalRow,
} from '../schema.ts';
import type { PermissionSetting } from '../settings/setting.ts';
import type { Body } from './body.ts';
import { type Ended, endedByProposal, endedByRow } from './ended.ts';
import type { Draft, Placed } from './event.ts';
import { foldRows } from './fold-rows.ts';
import { type CounterOf, counterOfTable, moveBetweenLanes } from './head.ts';
import { KeyedRows } from './keyed-rows.ts';
import {
  type KeyedName,
  keyOfRow,
  type Put,
  type RowOf,
  type RowReader,
  rowOfSubject,
} from './keyed-tables.ts';
import { holdsLaterBody } from './later-body.ts';
import { type Lacks, type Needs, noNeeds } from './needs.ts';
import type { Volatile } from './outcome.ts';
import type { Change, Changes, FreezeWork, Rows, Sealed } from './rows.ts';
import { Table } from './table.ts';
import { volatileRows } from './volatile-rows.ts';

/**
 * The part of a tenant's state that a turn looks at. Rules read it; the turn alone changes it, by appending
 * entries, so that a later command of the same turn sees what an earlier one did.
 *
 * A rule may look for a row that was not read: it gets undefined, the world notes the lack, and the turn reads it
 * and decides everything again. So what was decided with a lack never counts.
 */
export class World implements RowReader {
  readonly tenant: string;
  readonly due: readonly number[];
  readonly dueActions: readonly string[];
  readonly dueTasks: readonly string[];
  readonly dueRuns: readonly string[];
  /** Targets whose rest is over. */
  readonly rested: readonly string[];
  readonly deadlines: readonly number[];
  readonly freezeWork: FreezeWork;
  #head: Head | undefined;
  readonly #keyed: KeyedRows;
  readonly #proposals = new Table<number, ProposalRow>();
  readonly #sequences = new Map<string, number>();
  readonly #bodies = new Map<number, string | Body>();
  readonly #leases: Map<number, LedgerRow>;
  readonly #keys = new Table<string, IdempotencyRow>();
  readonly #events = new Table<string, ActivityRow>();
  readonly #queued: Set<number>;
  readonly #entries: Sealed[] = [];
  readonly #rows: Rows;
  /** Entries whose bodies were asked for. */
  readonly #asked: ReadonlySet<number>;
  readonly #askedProposals: ReadonlySet<string>;
  readonly limits: Limits;
  readonly #lacks: Lacks = noNeeds();
  readonly #ended: Ended[] = [];
  #moved = false;

  /** @param asked what the rows were read for: what is asked for and not among them does not exist */
  constructor(tenant: string, rows: Rows, asked: Needs, limits: Limits = usualLimits) {
    this.tenant = tenant;
    this.limits = limits;
    this.#head = rows.head;
    this.#rows = rows;
    this.due = rows.due;
    this.dueActions = rows.dueActions;
    this.dueTasks = rows.dueTasks;
    this.dueRuns = rows.dueRuns;
    this.rested = rows.rested;
    this.deadlines = rows.deadlines;
    this.freezeWork = rows.freezeWork;
    this.#asked = asked.bodies;
    this.#askedProposals = new Set([...asked.proposals, ...asked.submissions]);
    this.#keyed = new KeyedRows(rows, asked, this.#lacks);
    for (const row of rows.proposals) {
      this.#proposals.load(row.seq, row);
      this.#sequences.set(row.proposal_id, row.seq);
    }
    for (const { seq, body } of rows.bodies) this.#bodies.set(seq, body);
    for (const row of rows.keys) this.#keys.load(row.key, row);
    for (const row of rows.events) this.#events.load(eventKey(row.runner_id, row.event_id), row);
    this.#leases = new Map(rows.leases.map((row) => [row.seq, row]));
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

  /** What rules looked for that was not read. */
  get lacks(): Lacks {
    return this.#lacks;
  }

  row<Name extends KeyedName>(name: Name, key: string): RowOf<Name> | undefined {
    return this.#keyed.row(name, key);
  }

  /** All members, with what this turn changed. */
  roster(): readonly MemberRow[] {
    return this.#keyed.roster();
  }

  /** How many there are that have not ended, with what this turn changed. */
  tally(name: TallyName, now: number): number {
    const before = this.#rows.tallies.get(name);
    if (before === undefined) this.#lacks.tallies.add(name);
    return (before ?? 0) + tallyMoved(name, (table) => this.#keyed.changed(table), now);
  }

  /** The body of an entry that holds a document: a submission, a contract, a policy. */
  body(seq: number): Body | undefined {
    const known = this.#bodies.get(seq);
    if (known === undefined && !this.#asked.has(seq)) this.#lacks.bodies.add(seq);
    if (typeof known !== 'string') return known;
    const parsed = JSON.parse(known) as Body;
    this.#bodies.set(seq, parsed);
    return parsed;
  }

  proposal(id: string): ProposalRow | undefined {
    const seq = this.#sequences.get(id);
    return seq === undefined ? undefined : this.#proposals.get(seq);
  }

  /** The same for one that only the rule knows of: where it was not read, that is a lack. */
  findProposal(id: string): ProposalRow | undefined {
    const row = this.proposal(id);
    if (row === undefined && !this.#askedProposals.has(id)) this.#lacks.proposals.add(id);
    return row;
  }

  proposalAt(seq: number): ProposalRow | undefined {
    return this.#proposals.get(seq);
  }

  /** A proposal as it was when the turn began. */
  proposalBefore(seq: number): ProposalRow | undefined {
    return this.#proposals.loaded(seq);
  }

  member(person: string): MemberRow | undefined {
    return this.row('members', person);
  }

  credential(id: string): CredentialRow | undefined {
    return this.row('credentials', id);
  }

  permissionRules(): PermissionSetting {
    return permissionSetting(this.row('settings', 'permissions'));
  }

  claims(): ClaimsSetting {
    return claimsSetting(this.row('settings', 'claims'));
  }

  sessions(): SessionsSetting {
    return sessionsSetting(this.row('settings', 'sessions'));
  }

  leaseEntry(seq: number): LedgerRow | undefined {
    return this.#leases.get(seq);
  }

  rememberedKey(key: string): IdempotencyRow | undefined {
    return this.#keys.get(key);
  }

  event(runnerId: string, eventId: string): ActivityRow | undefined {
    return this.#events.get(eventKey(runnerId, eventId));
  }

  /** Queued proposals of a source whose submissions are at hand, first come first. */
  queue(sourceId: string): ProposalRow[] {
    return this.#inLane(queueLane(sourceId));
  }

  /** Proposals that wait for a rehearsal at a source, first come first. */
  rehearsals(sourceId: string): ProposalRow[] {
    return this.#inLane(rehearsalLane(sourceId));
  }

  #inLane(lane: string): ProposalRow[] {
    return [...this.#queued]
      .map((seq) => this.#proposals.get(seq))
      .filter((row) => row !== undefined && row.lane === lane)
      .filter((row) => row !== undefined)
      .sort((a, b) => (a.rank ?? 0) - (b.rank ?? 0) || a.seq - b.seq);
  }

  /** The first actions of a lane, in its order. */
  actionsIn(lane: string, limit: number): readonly ActionRow[] {
    return this.#keyed.inLane('actions', lane, limit);
  }

  /** The first tasks of a lane, in its order. */
  tasksIn(lane: string, limit: number): readonly StepRow[] {
    return this.#keyed.inLane('steps', lane, limit);
  }

  /** Rows of a keyed table that this turn has changed. */
  changedRows<Name extends KeyedName>(name: Name): readonly Change<RowOf<Name>>[] {
    return this.#keyed.changed(name);
  }

  /** Something that has ended, or gone on, and that others may have waited for: each is told once. */
  nextEnded(): Ended | undefined {
    return this.#ended.shift();
  }

  /** Proposals that this turn queued, for a write or a rehearsal. */
  get newlyQueued(): ProposalRow[] {
    return this.#proposals
      .changed()
      .map(({ after }) => after)
      .filter((row) => isHandedOut(row.lane));
  }

  /** Appends these, all of them or, where one cannot be written down, none. */
  appendAll(drafts: readonly Draft[], now: number): void {
    const texts = drafts.map((draft) => canonicalJson(draft.body));
    for (const [place, draft] of drafts.entries()) this.append(draft, now, texts[place]);
  }

  /** Gives a draft its place at the end of the ledger and folds it into the rows. */
  append(draft: Draft, now: number, bodyText = canonicalJson(draft.body)): LedgerEntry {
    const head = this.#head;
    if (head === undefined) throw new TypeError('a tenant without a head takes no entries');
    const tip = this.#tipOf(draft.subject);
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
    const entry: LedgerEntry = { ...unsealed, hash: entryHashOver(unsealed, bodyText) };
    this.#entries.push({ entry, bodyText });
    this.#head = { ...head, seq: entry.seq, hash: entry.hash };
    this.#fold({ ...draft, seq: entry.seq, at: now, hash: entry.hash });
    return entry;
  }

  /** Changes that leave no entry. When a credential was used last is no reason to write: it goes along. */
  touch(change: Volatile): void {
    for (const put of volatileRows(this, change)) this.#put(put);
    if ('renewed' in change) {
      const row = this.#proposals.get(change.renewed.seq);
      const until = change.renewed.lease_expires_at;
      if (row !== undefined) this.#proposals.set(row.seq, { ...row, lease_expires_at: until, rank: until });
    }
    if (!('used' in change)) this.#moved = true;
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
    const { forgotten, outdated, assumed } = this.#rows;
    const isQuiet =
      this.#entries.length === 0 && forgotten.length === 0 && outdated.length === 0 && !this.#moved;
    if (head === undefined || isQuiet) return undefined;
    return {
      entries: this.#entries,
      proposals: this.#proposals.changed(),
      rows: this.#keyed.allChanged(),
      keys: this.#keys.changed().map(({ after }) => after),
      forgottenKeys: forgotten,
      outdatedCounters: outdated,
      assumed,
      events: this.#events.changed().map(({ after }) => after),
      head: { ...head, turn: head.turn + 1, nonce },
    };
  }

  /** The newest entry about a subject. One that has no row stands alone; rows made by hand have no entry. */
  #tipOf(subject: string): { tip_seq: number; tip_hash: string } | undefined {
    const named = rowOfSubject(subject);
    const row = named === undefined ? this.proposal(subject) : this.row(named.name, named.key);
    if (row === undefined || !('tip_seq' in row) || row.tip_seq === 0) return undefined;
    return { tip_seq: row.tip_seq, tip_hash: row.tip_hash };
  }

  #put(put: Put): void {
    const before = this.row(put.name, keyOfRow(put.name, put.row));
    this.#keyed.put(put);
    this.#ended.push(...endedByRow(put, before));
    const counterOf = counterOfTable(put.name);
    if (counterOf === undefined || !('lane' in put.row)) return;
    this.#count(before !== undefined && 'lane' in before ? before.lane : null, put.row.lane, counterOf);
  }

  #fold(entry: Placed): void {
    if (isActivity(entry)) {
      const { runner_id, event_id } = entry.body;
      const row = { tenant: this.tenant, runner_id, event_id, seq: entry.seq, digest: digest(entry.body) };
      this.#events.set(eventKey(runner_id, event_id), row);
    }
    if (holdsLaterBody(entry)) this.#bodies.set(entry.seq, entry.body);
    for (const put of foldRows(this.tenant, this, entry)) this.#put(put);
    if (rowOfSubject(entry.subject) !== undefined) return;
    const before = this.proposal(entry.subject);
    const after = foldProposal(this.tenant, before, entry);
    if (after === undefined) return;
    this.#proposals.set(after.seq, after);
    this.#sequences.set(after.proposal_id, after.seq);
    if (after.body_seq === entry.seq) this.#bodies.set(entry.seq, entry.body as Body);
    if (isHandedOut(after.lane) && this.#bodies.has(after.body_seq)) this.#queued.add(after.seq);
    this.#count(before?.lane ?? null, after.lane);
    this.#ended.push(...endedByProposal(before, after));
  }

  #count(from: string | null, to: string | null, counterOf?: CounterOf): void {
    if (this.#head === undefined || from === to) return;
    this.#head = { ...this.#head, counters: moveBetweenLanes(this.#head.counters, from, to, counterOf) };
  }
}
