import type { FailureCode } from './failure-codes.ts';

/** What a fault of the database means for the write that met it. */
export type FaultMeaning =
  /** The statement may have been committed or not. */
  | { readonly kind: 'unknown' }
  /** Rolled back for a reason that has nothing to do with the job: the same again. */
  | { readonly kind: 'again' }
  /** As `again`, but in another session: this one remembers a statement that no longer holds. */
  | { readonly kind: 'again_elsewhere' }
  /** Rolled back because others held a lock, or it took too long. */
  | { readonly kind: 'busy'; readonly over: 'lock' | 'time' }
  /** Rolled back, or never begun: the database cannot work now. */
  | { readonly kind: 'unavailable' }
  /** Rolled back, because there is a receipt under the key already. */
  | { readonly kind: 'receipt_there' }
  | { readonly kind: 'failed'; readonly code: FailureCode };
