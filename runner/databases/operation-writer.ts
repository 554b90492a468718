import type { OperationPlan } from '../verify/operation-plan.ts';
import type { AttemptFacts } from '../verify/write-plan.ts';
import type { ConflictReason } from './conflict-reasons.ts';
import type { DeleteEffect } from './delete-effects.ts';
import type { Row, Session } from './session.ts';
import type { Ending } from './table-writer.ts';

/** Everything that the statements of an operation are filled from. */
export interface OperationFilling {
  readonly plan: OperationPlan;
  readonly facts: AttemptFacts;
}

/** A row that a transaction has found, and locked where it is to be changed. */
export interface FoundRow {
  /** As the database writes it. */
  readonly version: string;
  readonly isExpected: boolean;
}

/** What stands in the rows of a plan before it is carried out. */
export interface Found {
  /** Of each dependency, whether it is there at its version. */
  readonly dependencies: readonly boolean[];
  /** Of each row, those that have its name: more than one are too many. */
  readonly rows: readonly (readonly FoundRow[])[];
}

/** A row as it was written. */
export interface WrittenRow {
  readonly key: string;
  readonly version: string;
  /** Whether the version is a later one than before; true for a row that has been added. */
  readonly isAdvanced: boolean;
  /** Whether each column holds what was to be written. */
  readonly isKept: boolean;
}

/** What a receipt of an operation says beside what its plan says. */
export interface OperationReceipt {
  readonly status: 'applied' | 'conflict';
  readonly reason: ConflictReason | undefined;
  readonly target: string;
  readonly affectedRows: number;
  readonly version: string | undefined;
  readonly hash: string;
}

/** One operation in one transaction of its own, which has not begun before `find`. All throw `DatabaseFault`. */
export interface OperationTransaction {
  /** Begins the transaction, and locks what is there: the dependencies against changes, the rows for them. */
  find(): Promise<Found>;
  /** What would happen beside if a row were deleted. */
  deleteEffects(): Promise<readonly DeleteEffect[]>;
  /**
   * Writes every row that was found, or adds it.
   *
   * @returns of each row those that were written: none where something in the database suppressed it
   */
  write(found: Found): Promise<readonly (readonly WrittenRow[])[]>;
  record(receipt: OperationReceipt): Promise<void>;
  end(ending: Ending): Promise<void>;
  /** Takes everything back after a fault, as far as the session still can. */
  abandon(): Promise<void>;
}

/** The statements of operations on one configured table, in an engine's own SQL. All throw `DatabaseFault`. */
export interface OperationWriter<S extends Session> {
  /** Reads what the statements depend on, before their transaction begins. */
  prepare(session: S, filling: OperationFilling): Promise<OperationTransaction>;
  /** The receipt under a plan's key: job, proposal hash, status, reason, version, hash, target. */
  readReceipt(session: S, plan: OperationPlan): Promise<Row | undefined>;
}
