import type { TableOperations } from '../config/table-operations.ts';
import { reach } from '../failpoints.ts';
import type { Pass } from './apply.ts';
import { DatabaseFault } from './database-fault.ts';
import { unallowed } from './delete-effects.ts';
import { appliedOf, conflictOf, outcomeOf, outcomeOfReceipt } from './operation-receipt.ts';
import type {
  OperationFilling,
  OperationTransaction,
  OperationWriter,
  WrittenRow,
} from './operation-writer.ts';
import { orReceiptThere } from './receipt-there.ts';
import type { Session } from './session.ts';
import type { SessionPool } from './session-pool.ts';
import type { Authority, Outcome } from './source-database.ts';
import type { Ending } from './table-writer.ts';
import type { Unsettled } from './write-once.ts';

/** The statements of operations on a table, the sessions that they run in, and what may happen beside a delete. */
export interface OperationTable<S extends Session> {
  readonly pool: SessionPool<S>;
  readonly writer: OperationWriter<S>;
  /** Undefined where no row may be deleted. */
  readonly deleting: TableOperations['delete'];
}

/** How a plan is tried: all of it in one transaction that holds its receipt too, or nothing. */
export function passOfOperation<S extends Session>(
  table: OperationTable<S>,
  filling: OperationFilling,
): Pass {
  const look = () => readOutcome(table, filling);
  return {
    look,
    write: async (authority) => {
      const met = await orReceiptThere(tried(table, filling, 'COMMIT', authority));
      if (met === undefined) return (await look()) ?? 'still_expected';
      if (typeof met !== 'string' && met.kind === 'applied') await reach('after_commit');
      return met;
    },
    rehearse: async () => (await look()) ?? tried(table, filling, 'ROLLBACK', undefined),
  };
}

async function readOutcome<S extends Session>(
  { pool, writer }: OperationTable<S>,
  { plan }: OperationFilling,
): Promise<Outcome | undefined> {
  const row = await pool.lend((session) => writer.readReceipt(session, plan));
  return row === undefined ? undefined : outcomeOfReceipt(plan, row);
}

/** @param authority undefined for a rehearsal, which needs none */
async function tried<S extends Session>(
  table: OperationTable<S>,
  filling: OperationFilling,
  ending: Ending,
  authority: Authority | undefined,
): Promise<Outcome | Unsettled> {
  try {
    return await attempt(table, filling, ending, authority);
  } catch (error) {
    // Somebody added such a row after it had been looked for: the next look finds it, or the receipt of another attempt.
    if (filling.plan.action === 'insert' && isViolation(error) && (await isTaken(table, filling)))
      return 'still_expected';
    throw error;
  }
}

function isViolation(error: unknown): boolean {
  if (!(error instanceof DatabaseFault)) return false;
  return error.meaning.kind === 'failed' && error.meaning.code === 'CONSTRAINT_VIOLATED';
}

function isTaken<S extends Session>(
  { pool, writer }: OperationTable<S>,
  filling: OperationFilling,
): Promise<boolean> {
  return pool.lend(async (session) => {
    const transaction = await writer.prepare(session, filling);
    return orAbandoned(transaction, async () => {
      const { rows } = await transaction.find();
      await transaction.end('ROLLBACK');
      return rows.some(({ length }) => length > 0);
    });
  });
}

async function orAbandoned<Result>(
  transaction: OperationTransaction,
  use: () => Promise<Result>,
): Promise<Result> {
  try {
    return await use();
  } catch (error) {
    await transaction.abandon();
    throw error;
  }
}

function attempt<S extends Session>(
  { deleting, pool, writer }: OperationTable<S>,
  filling: OperationFilling,
  ending: Ending,
  authority: Authority | undefined,
): Promise<Outcome | Unsettled> {
  return pool.lend(async (session) => {
    const transaction = await writer.prepare(session, filling);
    if (authority?.holds() === false) return 'lapsed';
    return orAbandoned(transaction, async () => {
      const met = await carryOut(transaction, filling, deleting, authority);
      const isRecorded = typeof met !== 'string' && (met.kind === 'applied' || met.kind === 'conflict');
      if (isRecorded) await reach('in_transaction');
      await transaction.end(isRecorded ? ending : 'ROLLBACK');
      return met;
    });
  });
}

/** Leaves the transaction open, with a receipt in it where the outcome is one that the database decided. */
async function carryOut(
  transaction: OperationTransaction,
  { plan }: OperationFilling,
  deleting: TableOperations['delete'],
  authority: Authority | undefined,
): Promise<Outcome | Unsettled> {
  const found = await transaction.find();
  if (found.rows.some(({ length }) => length > 1)) return { kind: 'failed', code: 'PRIMARY_KEY_NOT_UNIQUE' };
  const conflict = conflictOf(plan, found);
  if (conflict === undefined && plan.action === 'delete') {
    // Whether or not the start found any: the table may have been altered since, and cannot be now.
    const [blocked] = unallowed(await transaction.deleteEffects(), deleting ?? NOTHING_BESIDE);
    if (blocked !== undefined) return { kind: 'failed', code: blocked.code };
  }
  await reach('before_write');
  // It may have lapsed while the rows were waited for.
  if (authority?.holds() === false) return 'lapsed';
  if (conflict !== undefined) {
    await transaction.record(conflict);
    return outcomeOf(conflict);
  }
  const rows = await transaction.write(found);
  const fault = faultOf(rows);
  if (fault !== undefined) return fault;
  const receipt = appliedOf(plan, rows.flat());
  await transaction.record(receipt);
  return outcomeOf(receipt);
}

const NOTHING_BESIDE = { cascades: false, triggers: false } as const;

/** What of the rows is not as it was to become; undefined when each is. */
function faultOf(rows: readonly (readonly WrittenRow[])[]): Outcome | Unsettled | undefined {
  if (rows.some(({ length }) => length > 1)) return { kind: 'failed', code: 'PRIMARY_KEY_NOT_UNIQUE' };
  // Something in the database suppresses it.
  if (rows.some(({ length }) => length === 0)) return 'still_expected';
  const written = rows.flat();
  if (written.some(({ isAdvanced }) => !isAdvanced))
    return { kind: 'failed', code: 'VERSION_DID_NOT_ADVANCE' };
  return written.every(({ isKept }) => isKept) ? undefined : { kind: 'failed', code: 'VALUE_REJECTED' };
}
