import type { Head, IdempotencyRow, ProposalRow } from '@countersign/durable-objects/tenant/schema';
import type { Call } from '@countersign/durable-objects/tenant/turn/command';
import type { KeyedName, RowOf } from '@countersign/durable-objects/tenant/turn/keyed-tables';
import type { Reply } from '@countersign/durable-objects/tenant/turn/reply';
import type { LedgerEntry } from '@countersign/protocol/ledger';

/** A committed batch that wrote. */
export interface Commit {
  readonly instance: string;
  readonly at: number;
  readonly turnBefore: number;
  readonly turnAfter: number;
  readonly nonceBefore: string;
  readonly nonceAfter: string;
  readonly seqBefore: number;
  readonly seqAfter: number;
}

/** An answer at the moment when it left an instance. */
export interface Answered {
  readonly call: Call;
  readonly reply: Reply;
  /** The ledger's last sequence that was durable then. */
  readonly seq: number;
}

/** What is known of a lease besides the ledger. */
export interface LeaseFacts {
  /** The latest end that a committed row ever gave it. */
  until: number;
  /** An answer that carries it has left, in a reply or down a socket. */
  isSent: boolean;
  /** Which instance gave it, and when, by true time. */
  readonly instance: string;
  readonly since: number;
  /** Which commit gave it, and whether the instance heard of that while the lease had time left. */
  readonly commit: number;
  isWellKnown: boolean;
}

/** What the customer's database keeps under a job's key. */
export interface Receipt {
  readonly key: string;
  readonly outcome: 'applied' | 'conflict';
  readonly row: string;
  /** The row's version that the statement saw, and that it left. */
  readonly base: number;
  readonly version: number;
  readonly hash: string;
  /** The ledger's last durable sequence when the receipt was committed. */
  readonly seq: number;
}

export interface CustomerRow {
  readonly id: string;
  readonly initial: number;
  readonly version: number;
  /** By how much direct edits moved the version, in sum. */
  readonly edited: number;
}

/** Everything that the checkers judge: what was done and answered, and how all tables stood at the end. */
export interface History {
  readonly tenant: string;
  readonly entries: readonly LedgerEntry[];
  readonly proposals: readonly ProposalRow[];
  /** The rows of all tables besides, by name. */
  readonly keyed: { readonly [Name in KeyedName]: readonly RowOf<Name>[] };
  readonly keys: readonly IdempotencyRow[];
  readonly head: Head;
  readonly genesis: { readonly turn: number; readonly seq: number };
  readonly commits: readonly Commit[];
  readonly answers: readonly Answered[];
  /** How often each request to propose, complete or by capability, reached an instance, by the reason that it gives. */
  readonly asked: ReadonlyMap<string, number>;
  readonly leases: ReadonlyMap<string, LeaseFacts>;
  /** Instances that were stopped or superseded, and when. */
  readonly troubled: ReadonlyMap<string, number>;
  /** True times at which a clock jumped, a batch met trouble, or everything stood still for a while. */
  readonly jolts: readonly number[];
  readonly rows: readonly CustomerRow[];
  readonly receipts: readonly Receipt[];
  /** What had not come to rest long after the last fault. */
  readonly stuck: readonly string[];
  /** Errors that nobody caught. */
  readonly uncaught: readonly string[];
}

export interface Violation {
  readonly check: string;
  readonly detail: string;
}
