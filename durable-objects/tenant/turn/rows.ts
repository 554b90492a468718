import type { LedgerEntry } from '@countersign/protocol/ledger';
import type { Freeze, ScanMark } from '../freezes/freeze.ts';
import type { TallyName } from '../limits/tally.ts';
import type {
  ActivityRow,
  CredentialRow,
  Head,
  IdempotencyRow,
  LedgerRow,
  MemberRow,
  ProposalRow,
} from '../schema.ts';
import type { Body } from './body.ts';
import { forEachTable, type KeyedName, type RowOf } from './keyed-tables.ts';

/** What a sweep has read for freezes. */
export interface FreezeWork {
  /** The freezes as they stood when the rest was read: what a turn changes of them afterwards has read nothing. */
  readonly freezes: Freeze[];
  /** The next piece of the queues, as it stood. */
  readonly scanned: ScanMark[];
  readonly thawing: { readonly proposals: number[]; readonly actions: string[] };
}

/** What one batch of reads brought. */
export interface Rows {
  head: Head | undefined;
  keyed: { readonly [Name in KeyedName]: readonly RowOf<Name>[] };
  proposals: ProposalRow[];
  /** Of entries that hold what was submitted or pushed; as text until somebody looks. */
  bodies: { seq: number; body: string | Body }[];
  leases: LedgerRow[];
  keys: IdempotencyRow[];
  events: ActivityRow[];
  /** Sequences of queued proposals, in the order of their queues. */
  queued: number[];
  due: number[];
  dueActions: string[];
  dueTasks: string[];
  dueRuns: string[];
  deadlines: number[];
  /** Keys that count no more. */
  forgotten: string[];
  /** Counters of days that count no more. */
  outdated: string[];
  /** Targets whose rest is over. */
  rested: string[];
  freezeWork: FreezeWork;
  roster: MemberRow[];
  tallies: ReadonlyMap<TallyName, number>;
  /** What was not read in this turn but remembered, and what is written depends on. */
  assumed: Assumed;
}

export function noRows(): Rows {
  return {
    head: undefined,
    keyed: forEachTable(() => []),
    proposals: [],
    bodies: [],
    leases: [],
    keys: [],
    events: [],
    queued: [],
    due: [],
    dueActions: [],
    dueTasks: [],
    dueRuns: [],
    deadlines: [],
    forgotten: [],
    outdated: [],
    rested: [],
    freezeWork: { freezes: [], scanned: [], thawing: { proposals: [], actions: [] } },
    roster: [],
    tallies: new Map(),
    assumed: nothingAssumed,
  };
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

/** A row as it was, if it was there, and as it is to be. */
export interface Change<Row> {
  readonly before: Row | undefined;
  readonly after: Row;
}

/** What a turn adds to the tables, and what it changes. */
export interface Changes {
  readonly entries: readonly Sealed[];
  readonly proposals: readonly Change<ProposalRow>[];
  readonly rows: { readonly [Name in KeyedName]: readonly Change<RowOf<Name>>[] };
  readonly keys: readonly IdempotencyRow[];
  readonly forgottenKeys: readonly string[];
  readonly outdatedCounters: readonly string[];
  readonly assumed: Assumed;
  readonly events: readonly ActivityRow[];
  readonly head: Head;
}
