import type { Actor } from '@countersign/protocol/ledger';

/** A claim that found nothing and is held open: a worker's long-poll, as a turn sees it. */
export interface Waiter {
  readonly waiterId: string;
  /** What it waits for. Absent in the attachments of polls that are older than rehearsals: a job. */
  readonly kind?: 'job' | 'rehearsal' | 'action' | 'task';
  /** Of what it waits for; empty where that is actions or tasks. */
  readonly sourceId: string;
  /** Whose actions it waits for. */
  readonly targets?: readonly string[];
  /** Whose tasks it waits for. */
  readonly handlers?: readonly string[];
  readonly runnerId: string;
  readonly actor: Actor;
  readonly limit: number;
  readonly leaseSeconds: number;
  /** Its claim has been authorized. Until then the poll is only kept, so that no job slips past it. */
  readonly isAdmitted: boolean;
}

/** Jobs or rehearsals (by their proposals' sequences), actions or tasks, that a turn handed to a waiter. */
export type Delivery = { readonly waiterId: string; readonly runnerId: string } & (
  | { readonly kind: 'job' | 'rehearsal'; readonly sequences: readonly number[] }
  | { readonly kind: 'action'; readonly actionIds: readonly string[] }
  | { readonly kind: 'task'; readonly taskIds: readonly string[] }
);
