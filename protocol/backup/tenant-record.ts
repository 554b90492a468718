import type { LedgerEntry } from '../ledger.ts';
import type { ProjectAt } from './backup-requests.ts';
import type { Carried } from './carried-losses.ts';
import type { SnapshotRow } from './snapshot-lines.ts';

/** Where a page of rows begins: after the row with that key, in that table. */
export interface RowMark {
  readonly table: string;
  readonly after: string | number;
}

/** The first page of a record's rows that no entry holds. */
export const FIRST_ROW: RowMark = { table: 'idempotency', after: '' };

export interface RecordHead {
  readonly seq: number;
  readonly hash: string;
  readonly turn: number;
}

/** What of a record a copy is made of, a page at a time. */
export type RecordPage =
  | {
      readonly ok: true;
      readonly entries: readonly LedgerEntry[];
      readonly rows: readonly SnapshotRow[];
      readonly next: RowMark | null;
      readonly head: RecordHead;
    }
  /** Undefined: there is no such tenant. */
  | { readonly ok: false; readonly code: string };

export type PageWanted =
  | { readonly kind: 'entries'; readonly after: number; readonly through: number | null }
  | { readonly kind: 'rows'; readonly mark: RowMark };

/** Whether the rows are what the ledger makes of them; `moved`: the record went on while they were compared. */
export type RecordVerdict =
  | { readonly kind: 'matches'; readonly entries: number }
  | { readonly kind: 'differs'; readonly differences: number; readonly first: string }
  | { readonly kind: 'moved' };

/** What is said of a copy by the entry that stands where it ends. */
export interface RestoredFrom {
  readonly snapshot_id: string;
  readonly taken_at: string;
  readonly head: RecordHead;
  /** `<kind>:<id>` of who asked for it. */
  readonly by: string;
  readonly name: string;
  readonly reason: string;
  /** What is taken away again. */
  readonly carried: Carried;
}

/** One piece of a restore, in this order; each may be repeated. Before the first the tenant has no head, and no rows. */
export type RestorePart =
  | { readonly kind: 'entries'; readonly entries: readonly LedgerEntry[] }
  /** Until it is done. */
  | { readonly kind: 'fold' }
  | { readonly kind: 'rows'; readonly rows: readonly SnapshotRow[] }
  /** Not done: what was folded is forgotten, and has to be folded again. */
  | { readonly kind: 'finish'; readonly from: RestoredFrom };

/**
 * `not_empty`: the tenant has a head. `newer`: a newer release wrote that entry. `broken`: it does not follow the one
 * before it, or the last is not the copy's. `unfoldable`: no rule ever wrote it.
 */
export type RestoreFault = 'not_empty' | 'newer' | 'broken' | 'unfoldable';

export type RestoreReply =
  | { readonly ok: true; readonly isDone: boolean }
  | { readonly ok: false; readonly fault: RestoreFault; readonly seq: number };

/** What the provisioner asks of a tenant's object: by its binding alone, and for nobody else. */
export interface TenantRecord {
  readPage(at: ProjectAt, wanted: PageWanted): Promise<RecordPage>;
  compare(at: ProjectAt): Promise<RecordVerdict>;
  restore(at: ProjectAt, part: RestorePart): Promise<RestoreReply>;
  /** Nothing is leased any more, until an operator lifts it. */
  hold(at: ProjectAt, reason: string): Promise<{ readonly ok: boolean }>;
  /** Ends the sockets of whoever looks on: the tenant is served no more. */
  dismiss(): Promise<void>;
  /** Takes everything out of the object's own storage. */
  forget(): Promise<void>;
}
