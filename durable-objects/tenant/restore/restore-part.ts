import type { LedgerEntry } from '@countersign/protocol/ledger';
import type { RestoredFrom } from './finish-restore.ts';
import type { UnfoldedRow } from './unfolded-rows.ts';

/** One piece of a restore, in this order; each may be repeated. Before the first the tenant has no head, and no rows. */
export type RestorePart =
  | { readonly kind: 'entries'; readonly entries: readonly LedgerEntry[] }
  /** Until it is done. */
  | { readonly kind: 'fold' }
  | { readonly kind: 'rows'; readonly rows: readonly UnfoldedRow[] }
  /** Not done: what was folded is forgotten, and has to be folded again. */
  | { readonly kind: 'finish'; readonly from: RestoredFrom };

/**
 * `not_empty`: the tenant has a head. `newer`: a newer release wrote that entry. `broken`: it does not follow the one
 * before it. `unfoldable`: no rule ever wrote it.
 */
export type RestoreFault = 'not_empty' | 'newer' | 'broken' | 'unfoldable';

export type RestoreReply =
  | { readonly ok: true; readonly isDone: boolean }
  | { readonly ok: false; readonly fault: RestoreFault; readonly seq: number };
