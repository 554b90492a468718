import type { Scalar } from '@countersign/protocol/values';
import type { OperationPlan } from '../verify/operation-plan.ts';
import type { RehearsalPlan } from '../verify/rehearsal-plan.ts';
import type { AttemptFacts, WritePlan } from '../verify/write-plan.ts';
import type { ConflictReason } from './conflict-reasons.ts';
import type { FailureCode, RehearsalFailureCode } from './failure-codes.ts';
import type { ReceiptArchive } from './receipt-record.ts';
import type { ToldRow } from './told-value.ts';

/** What became of a plan. Everything that the database decided has a hash, which is the same for every attempt. */
export type Outcome =
  | {
      readonly kind: 'applied' | 'already_applied';
      /** Undefined for several rows. */
      readonly resultVersion: string | undefined;
      readonly resultHash: string;
      /** What the receipt of an operation calls its target: of one added row the key, also where the database made it. */
      readonly target?: string;
    }
  | {
      readonly kind: 'conflict';
      readonly reason: ConflictReason;
      /** The row's version that stands in the way; undefined when there is no such row. */
      readonly resultVersion: string | undefined;
      readonly resultHash: string;
    }
  /** Nothing was written, and trying again would end the same way. */
  | { readonly kind: 'failed'; readonly code: FailureCode }
  /** There is a receipt, but not one that this runner's code can have written: a person must look. */
  | { readonly kind: 'receipt_corrupt' }
  /** Nothing was written; another time or another runner may do better. */
  | {
      readonly kind: 'released';
      readonly reason: 'busy' | 'database_unavailable' | 'frozen';
      readonly cause: string;
    }
  /** The lease is gone, and nothing was written under it. */
  | { readonly kind: 'lease_lost' }
  /** A statement was sent and its fate could not be learned; the receipt, or its absence, tells the next attempt. */
  | { readonly kind: 'unknown' };

/** What a rehearsal came to. Nothing of it is in the database afterwards. */
export type RehearsalOutcome =
  | {
      readonly kind: 'done';
      readonly before: ToldRow;
      readonly after: ToldRow;
      /** Before the change. */
      readonly version: Scalar;
      readonly lockHeldMs: number;
    }
  | { readonly kind: 'row_not_found' }
  | {
      readonly kind: 'failed';
      readonly code: RehearsalFailureCode;
      /** The code of the fault behind it, where there is one. */
      readonly cause?: string;
    };

/** The right to write under a lease. */
export interface Authority {
  /** Asked immediately before a statement is handed to the driver. */
  holds(): boolean;
  /** Renews the lease until `holds()`; false when it cannot be had any more. */
  regain(): Promise<boolean>;
}

/** What is wrong with a source, so that this runner must not write to it. */
export interface SourceFault {
  readonly where: string;
  readonly what: string;
}

/** A row as it is now, as far as its version tells. */
export interface RowVersion {
  /** Null for a table of one tenant. */
  readonly tenant: string | null;
  readonly version: string | null;
  /** How it stands to the version that it was compared with; undefined where there was none. */
  readonly order: 'older' | 'same' | 'newer' | undefined;
}

/** Which row is looked at: of every tenant that has that key, unless one is named. */
export interface RowName {
  /** `schema.table`, of the configuration. */
  readonly table: string;
  readonly key: string;
  readonly tenant?: string | undefined;
}

/** One customer database, as far as the loops need it. */
export interface SourceDatabase extends ReceiptArchive {
  /** Compares the database with the configuration; throws `DatabaseFault` when it cannot be reached. */
  check(): Promise<readonly SourceFault[]>;
  /** The server's name and version, as it says them itself. */
  serverName(): Promise<string>;
  /** What the role may do beyond what the runner needs. Throws `DatabaseFault`, as the next. */
  posture(): Promise<readonly SourceFault[]>;
  /** Whether there is a table of receipts that the role can see. Throws `DatabaseFault`, as the next. */
  hasReceipts(): Promise<boolean>;
  /** Creates the table of receipts, as the role that the runner has. */
  createReceipts(): Promise<void>;
  /** Writes a receipt and takes it back; what kept it from being written. */
  rehearseReceipt(): Promise<readonly SourceFault[]>;
  /** Carries out a plan, once. Aborting `giveUp` ends the waiting for a database that is away, not a statement. */
  apply(
    plan: WritePlan | OperationPlan,
    facts: AttemptFacts,
    authority: Authority,
    giveUp: AbortSignal,
  ): Promise<Outcome>;
  /** What `apply` would do now: all of it, in a transaction that is rolled back. Leaves nothing in the database. */
  rehearse(plan: WritePlan | OperationPlan, facts: AttemptFacts): Promise<Outcome>;
  /**
   * Carries out a rehearsal, with the limits that the configuration has for them and apart from what is written.
   * Throws `RangeError` where the configuration allows none.
   */
  rehearseChange(plan: RehearsalPlan, runnerId: string): Promise<RehearsalOutcome>;
  /** The versions of the rows of that name, compared with another one. Throws `DatabaseFault`. */
  versionsOf(row: RowName, comparedWith: string | null): Promise<readonly RowVersion[]>;
  /** The code of what keeps the database from being used now; undefined when nothing does. */
  probe(): Promise<string | undefined>;
  close(): Promise<void>;
}
