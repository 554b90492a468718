import type { Minted } from '../credentials/credential-asks.ts';

/** What can be asked about the live feed: a ticket that opens it once, and, with one, to follow the ledger. */
export type LiveLook = { readonly type: 'watch-live'; readonly wish: LiveWish };

export type LiveWish =
  | { readonly kind: 'ticket'; readonly ticket: Minted }
  | { readonly kind: 'follow'; readonly from: LiveFrom };

/** The newest entry that a reader knows. */
export interface LiveFrom {
  /** Null: nothing, so the feed begins where the ledger ends. */
  readonly after: number | null;
  /** Null: not known. */
  readonly hash: string | null;
}
