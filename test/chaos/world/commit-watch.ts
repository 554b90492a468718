/** What became of a write whose answer is on its way. */
export type Answered = 'open' | 'committed' | 'nothing_written';

/** Follows the bytes of one connection, as far as it takes to know when a commit is under way. */
export interface CommitWatch {
  /** Takes what the client sends next; true when the server will, with it, commit a receipt by itself. */
  sent(bytes: Buffer): boolean;
  /** Takes all that the server has answered since. */
  answered(bytes: Buffer): Answered;
}

/** Every receipt's hash begins so, and an answer that holds one is that of a write that was carried out. */
export const RECEIPT_HASH = 'sha256:';
