import type { Scalar } from '@countersign/protocol/values';
import type { AttemptFacts, WritePlan } from '../verify/write-plan.ts';
import type { ConflictReason } from './conflict-reasons.ts';
import type { Row, Session } from './session.ts';

/** Everything that the statements of a write are filled from. */
export interface Filling {
  readonly plan: WritePlan;
  readonly facts: AttemptFacts;
}

/** What a conflict receipt says was found instead. */
export interface Found {
  readonly reason: ConflictReason;
  readonly version: string | null;
}

/** A row as far as it may be told. */
export interface ShownRow {
  /** As an expected version is written. */
  readonly version: string;
  /** In the order of the columns that were asked for, each exactly. */
  readonly values: readonly Scalar[];
}

/** A write that was taken back. */
export interface RehearsedWrite {
  /** As it stood before that; undefined when the write made it another one. */
  readonly row: ShownRow | undefined;
  /** From before the write was sent until it was taken back. */
  readonly lockHeldMs: number;
}

/** How a transaction ends: a rehearsal does all that a write does and takes it back. */
export type Ending = 'COMMIT' | 'ROLLBACK';

/** Hands what was prepared to the driver, at once. */
export type Send<Result> = () => Promise<Result>;

/**
 * The statements of one configured table, in an engine's own SQL. Each is a transaction of its own, and has ended
 * when its promise resolves. All throw `DatabaseFault`.
 */
export interface TableWriter<S extends Session> {
  /**
   * The guarded write and its receipt, both or neither.
   *
   * @returns sends it, and gives version and hash of the receipt, or undefined when no row matched, so that nothing was
   *   written. Whatever has to be read for the statement has been read by then, so that nothing stands between the
   *   last look at the authority to write and the statement.
   */
  prepare(session: S, filling: Filling, ending: Ending): Promise<Send<Row | undefined>>;
  /**
   * The guarded writes of several plans that set the same columns, each of another row, as one statement, which
   * does not wait long for a lock. Where there is no such statement, each is carried out alone.
   *
   * @returns sends it, and gives key, version and hash of each receipt; a plan without one was not written
   */
  prepareMany?(session: S, fillings: readonly Filling[]): Promise<Send<readonly Row[]>>;
  /** The receipt under a plan's key: job, proposal hash, status, reason, version, hash. */
  readReceipt(session: S, filling: Filling): Promise<Row | undefined>;
  /** The version of a plan's row, and `t` where it is the expected one; two rows when the key is not unique. */
  readVersion(session: S, filling: Filling): Promise<readonly Row[]>;
  /** A plan's row, whatever version it has; two rows when the key is not unique. */
  readShown(session: S, filling: Filling, columns: readonly string[]): Promise<readonly ShownRow[]>;
  /**
   * What `prepare` does with a rollback, and the row as it stood before that.
   *
   * @returns sends it, and gives undefined when no row matched
   */
  prepareShown(
    session: S,
    filling: Filling,
    columns: readonly string[],
  ): Promise<Send<RehearsedWrite | undefined>>;
  /** Records a conflict; its version and hash, or undefined when there is a receipt already. */
  recordConflict(session: S, filling: Filling, found: Found): Promise<Row | undefined>;
}
