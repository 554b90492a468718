import type { Limits } from '@countersign/protocol/limits';
import type { Refusal } from '@countersign/protocol/problem';
import type { Head } from '../schema.ts';
import type { Database } from '../storage/database.ts';
import type { Waiter } from '../waiting/waiter.ts';
import type { Admitted, HeldAnswer } from './decide-turn.ts';
import type { Changes } from './rows.ts';

/** Everything that turns need of the world outside: a test gives its own clock, database and chance. */
export interface Deps {
  readonly database: Database;
  /** Why nothing may be written now, whatever it is; where this is left away, nothing ever keeps from it. */
  refusalOfWrites?(): Promise<Refusal | undefined>;
  readonly limits: Limits;
  /** Unix milliseconds. */
  now(): number;
  /** A text that no other batch ever carries. */
  nonce(): string;
  /** Lets what has already arrived be queued, with no delay. */
  yield(): Promise<void>;
  /** The polls that are held now, longest wait first. */
  waiters(): readonly Waiter[];
  /** These polls have shown who they are and found nothing: from now on they may be handed jobs. */
  admit(claims: readonly Admitted[]): void;
  /** Ends the polls that these runners still hold: they take no more work. */
  dismiss(runnerIds: readonly string[]): void;
  /** Sends a held poll its answer. Never throws: an answer that cannot be sent is given back. */
  deliver(answer: HeldAnswer): void;
  /** Tells whoever watches that these proposals and runs changed. */
  changed(ids: readonly string[]): void;
  /** Tells the live feed what a turn has changed, and of which head; where this is left away, nobody listens. Never throws. */
  committed?(base: Head, changes: Changes): void;
  /** Notes what went wrong in a rule; whoever asked has been told that something did. */
  fault(fault: unknown): void;
  /** Makes sure that a sweep runs at this time or earlier; whether that took setting the alarm. */
  wakeAt(time: number): Promise<boolean>;
}
