import type { Actor } from '@countersign/protocol/ledger';

/** A claim that found nothing and is held open: a runner's long-poll, as a turn sees it. */
export interface Waiter {
  readonly waiterId: string;
  /** What it waits for. Absent in the attachments of polls that are older than rehearsals: a job. */
  readonly kind?: 'job' | 'rehearsal';
  readonly sourceId: string;
  readonly runnerId: string;
  readonly actor: Actor;
  readonly limit: number;
  readonly leaseSeconds: number;
  /** Its claim has been authorized. Until then the poll is only kept, so that no job slips past it. */
  readonly isAdmitted: boolean;
}

/** Jobs or rehearsals (by their proposals' sequences) that a turn handed to a waiter. */
export interface Delivery {
  readonly waiterId: string;
  readonly kind: 'job' | 'rehearsal';
  readonly runnerId: string;
  readonly sequences: readonly number[];
}
