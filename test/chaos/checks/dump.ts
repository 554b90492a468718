import type { LedgerEntry } from '@countersign/protocol/ledger';

/** What the load wanted to come of a proposal. */
export type Wish =
  /** Made on the row's newest version; it may still be overtaken. */
  | 'change'
  /** Made on a version that the row had already left: it can only conflict. */
  | 'stale'
  /** A value that the table's CHECK constraint refuses. */
  | 'unstorable'
  /** Refused by a person: it never becomes a job. */
  | 'unwanted';

/** A proposal as the load made it: what was asked for, from the side that asked. */
export interface Intent {
  readonly proposalId: string;
  readonly wish: Wish;
  readonly database: string;
  readonly row: string;
  /** The version that the proposal was made on. */
  readonly expected: number;
  readonly fee: number;
  readonly reason: string;
}

/** A customer's row before and after. */
export interface RowDump {
  readonly id: string;
  readonly initial: RowContent;
  readonly final: RowContent;
}

export interface RowContent {
  readonly version: number;
  readonly fee: number;
  readonly reason: string | null;
}

/** A receipt as its table holds it. */
export interface ReceiptDump {
  readonly database: string;
  readonly key: string;
  readonly jobId: string;
  readonly proposalId: string;
  readonly proposalHash: string;
  readonly row: string;
  readonly status: string;
  readonly reason: string | null;
  readonly affectedRows: number;
  readonly version: string | null;
  readonly hash: string;
  readonly attempt: number;
  readonly leaseId: string;
  readonly runnerId: string;
  /** Unix milliseconds, by the database's clock. */
  readonly recordedAt: number;
}

export interface DatabaseDump {
  readonly name: string;
  readonly rows: readonly RowDump[];
  readonly receipts: readonly ReceiptDump[];
}

/** A proposal as the control plane tells it. */
export interface ProposalDump {
  readonly proposalId: string;
  readonly hash: string;
  readonly status: string;
  readonly job: { readonly status: string; readonly leaseExpiresAt: string | null } | null;
  readonly result: {
    readonly status: string;
    readonly hash: string | null;
    readonly version: string | null;
    readonly errorCode: string | null;
    readonly hasDiscrepancy: boolean;
  } | null;
}

/** Everything that is left after a campaign, read from the databases and from the control plane. */
export interface Dump {
  readonly tenant: string;
  readonly intents: readonly Intent[];
  readonly databases: readonly DatabaseDump[];
  readonly proposals: readonly ProposalDump[];
  readonly ledger: readonly LedgerEntry[];
}

export interface Violation {
  readonly check: string;
  readonly detail: string;
}

export function receiptsOf({ databases }: Dump): readonly ReceiptDump[] {
  return databases.flatMap(({ receipts }) => receipts);
}

/** One for each key; of several the last. */
export function byProposal<Item extends { readonly proposalId: string }>(
  items: readonly Item[],
): ReadonlyMap<string, Item> {
  return new Map(items.map((item) => [item.proposalId, item]));
}
