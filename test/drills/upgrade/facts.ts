import type { RowAtEnd } from '../stop/facts.ts';

/** A tenant's record at a moment at which nobody served it. */
export interface TenantMark {
  readonly tenant: string;
  readonly seq: number;
  readonly hash: string;
  /** Rows by table, of those that only ever gain rows. */
  readonly rows: Readonly<Record<string, number>>;
}

/** All tenants at such a moment. */
export interface Mark {
  readonly when: string;
  readonly tenants: readonly TenantMark[];
}

export type Release = 'previous' | 'next';

/** What was written while these two worked together. */
export interface Pair {
  readonly plane: Release;
  readonly runners: Release;
  readonly written: number;
}

/** What became of a tenant's record in the end. */
export interface TenantAtEnd {
  readonly tenant: string;
  /** What `countersign verify` ended with, for the export of its ledger. */
  readonly verifiedWith: number | null;
  readonly entries: number;
  /** Marks whose head is not on the chain, at its place and with its hash. */
  readonly headsLost: readonly string[];
  /** By the record's own rebuild: whether the rows are what the ledger makes of them. */
  readonly doRowsFold: boolean;
  /** Proposals that were there when the release was frozen, that were acknowledged since, and that are there. */
  readonly proposals: { readonly frozen: number; readonly acknowledged: number; readonly found: number };
  /** Acknowledged ones that the record does not have. */
  readonly missing: readonly string[];
}

/** What whoever asked got in place of an answer, until they were answered. */
export interface Refusals {
  readonly asked: number;
  /** 503, which says that the same may be sent again. */
  readonly passing: number;
  /** Connections that could not be made, or that broke. */
  readonly broken: number;
  /** Anything else. */
  readonly others: readonly string[];
}

/** All that a drill of an upgrade has seen. */
export interface UpgradeFacts {
  readonly marks: readonly Mark[];
  /** Whether this build has migrations that the previous release has not: not so right after a release. */
  readonly isMigrating: boolean;
  /** The copy that was made before the schema was changed, read as its store is. */
  readonly copy: Mark | null;
  /** Proposals that the previous release lists when it serves that copy, by tenant; and that the copy has. */
  readonly fromCopy: readonly { readonly tenant: string; readonly listed: number; readonly copied: number }[];
  /** Copies in the backup destination: one for each change of the schema. */
  readonly copies: number;
  readonly pairs: readonly Pair[];
  readonly refusals: Refusals;
  /** From the order to stop until the other build answered, in the order of the changes. */
  readonly awayMs: readonly number[];
  /** What the doctor of the plane that was rolled back finds of its databases. */
  readonly findingsRolledBack: readonly string[];
  /** Tenants whose rows were what the ledger makes of them before the upgrade. */
  readonly foldedBefore: readonly string[];
  /** What the runners ended with that were told to. */
  readonly drainedWith: readonly (number | string)[];
  readonly tenants: readonly TenantAtEnd[];
  /** Rows whose change was approved; and all others. */
  readonly rows: { readonly approved: readonly RowAtEnd[]; readonly others: readonly RowAtEnd[] };
  /** Changes that the record calls applied and that have no receipt, or the other way round. */
  readonly unmatched: readonly string[];
}
