import { reach } from '../../failpoints.ts';
import type { Outcome } from '../source-database.ts';
import type { Connection, Row } from './connection.ts';
import { DatabaseFault } from './database-fault.ts';
import { newConflict, newlyApplied, outcomeOfReceipt } from './receipt.ts';
import { meaningOf } from './sqlstates.ts';
import type { TableStatements } from './table-statements.ts';
import type { Filling } from './write-sql.ts';

/**
 * One pass: the guarded write, and where it wrote nothing, the reason. Throws `DatabaseFault` for whatever the
 * database did not decide.
 *
 * @returns `still_expected` when nothing was written although the row is there at the expected version: somebody
 *   changed it and changed it back, or something in the database suppresses the write
 */
export async function writeOnce(
  connection: Connection,
  statements: TableStatements,
  filling: Filling,
): Promise<Outcome | 'still_expected'> {
  const receipt = await write(connection, statements, filling);
  if (receipt !== undefined) {
    await reach('after_commit');
    return newlyApplied(filling.plan, receipt);
  }
  // A fresh statement: the one that waited for another attempt does not see, in its snapshot, what that one wrote.
  return (
    (await readOutcome(connection, statements, filling)) ?? (await diagnose(connection, statements, filling))
  );
}

/** What the receipt under the plan's key tells, if there is one. */
export async function readOutcome(
  connection: Connection,
  statements: TableStatements,
  filling: Filling,
): Promise<Outcome | undefined> {
  const [receipt] = await statements.readReceipt(connection, filling);
  return receipt === undefined ? undefined : outcomeOfReceipt(filling.plan, receipt);
}

/** The new receipt; undefined when no row matched or there is a receipt already. */
async function write(
  connection: Connection,
  statements: TableStatements,
  filling: Filling,
): Promise<Row | undefined> {
  try {
    const rows =
      globalThis.COUNTERSIGN_FAILPOINTS === true
        ? await writeInTwoSteps(connection, statements, filling)
        : await statements.apply(connection, filling);
    return rows[0];
  } catch (error) {
    if (isReceiptThere(error, statements)) return undefined;
    throw error;
  }
}

/** A unique key of the customer's own that is violated is another matter. */
function isReceiptThere(error: unknown, { target: { receipts } }: TableStatements): boolean {
  if (!(error instanceof DatabaseFault) || meaningOf(error).kind !== 'duplicate') return false;
  return error.table === undefined || error.table === `${receipts.schema}.${receipts.table}`;
}

async function diagnose(
  connection: Connection,
  statements: TableStatements,
  filling: Filling,
): Promise<Outcome | 'still_expected'> {
  const rows = await statements.readVersion(connection, filling);
  if (rows.length > 1) return { kind: 'failed', code: 'PRIMARY_KEY_NOT_UNIQUE' };
  const [version = null, isExpected] = rows[0] ?? [];
  if (isExpected === 't') return 'still_expected';
  const reason = rows.length === 0 ? 'ROW_NOT_FOUND' : 'VERSION_CONFLICT';
  const [recorded] = await statements.recordConflict(connection, { ...filling, found: { reason, version } });
  if (recorded !== undefined) return newConflict(filling.plan, reason, recorded);
  // Another attempt was recorded in between, and whatever it says holds for this one too.
  return (await readOutcome(connection, statements, filling)) ?? 'still_expected';
}

/** The same statement, but such that the process can die between it and its commit. For failpoints only. */
async function writeInTwoSteps(
  connection: Connection,
  statements: TableStatements,
  filling: Filling,
): Promise<readonly Row[]> {
  await connection.run('BEGIN');
  try {
    const rows = await statements.apply(connection, filling);
    await reach('in_transaction');
    await connection.run('COMMIT');
    return rows;
  } catch (error) {
    if (connection.isUsable) await connection.run('ROLLBACK');
    throw error;
  }
}
