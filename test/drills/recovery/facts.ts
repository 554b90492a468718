import type { RowAtEnd } from '../stop/facts.ts';

/** A table of one tenant, as it was when the snapshot was taken and as it came back. */
export interface TableFacts {
  readonly table: string;
  readonly rows: number;
  /** Rows that are in one of both and not, or not so, in the other. */
  readonly differing: number;
}

/** What became of one tenant's record. */
export interface TenantFacts {
  readonly tenant: string;
  /** Where the snapshot ended. */
  readonly head: { readonly seq: number; readonly hash: string };
  readonly restored: {
    readonly seq: number;
    /** Of the entry at which the snapshot ended. */
    readonly hashAtHead: string | undefined;
    readonly doesChainHold: boolean;
    /** By the record's own rebuild: whether the rows are what the ledger makes of them. */
    readonly doRowsFold: boolean;
  };
  readonly tables: readonly TableFacts[];
  /** What the API lists, then and now. */
  readonly listed: { readonly before: number; readonly differing: number };
}

/** What became of changes in the customer's database: each of them was approved once. */
export interface ChangeFacts {
  /** Applied before the snapshot. */
  readonly before: readonly RowAtEnd[];
  /** Approved before the snapshot, and applied after it. */
  readonly between: readonly RowAtEnd[];
  /** Proposed, approved and applied after it. */
  readonly lost: readonly RowAtEnd[];
}

/** All that a drill of recovery has seen. */
export interface RecoveryFacts {
  readonly tenants: readonly TenantFacts[];
  /** Proposals that were made while the first snapshots were taken. */
  readonly madeMeanwhile: number;
  /** From the start of an empty plane until the last record was open again. */
  readonly recoveredInMs: number;
  readonly changes: ChangeFacts;
  /** Leases that were given before the stop was lifted, by the record and by asking. */
  readonly leasedUnderStop: number;
  /** Of those in between: how many the record knows as found by their receipts. */
  readonly foundByReceipt: number;
  /** Of those that were lost: how many the record knows all the same. */
  readonly knownLost: number;
  /** Receipts in the database of proposals that the record does not know: what an operator is to compare. */
  readonly unknownReceipts: number;
  /** How a lost change ended that was proposed and approved again, as it had been. */
  readonly repeatedEndedAs: string;
  /** By how many versions its row has moved then. */
  readonly repeatedMoved: number;
}
