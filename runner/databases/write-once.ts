import { reach } from '../failpoints.ts';
import type { Pass } from './apply.ts';
import { newConflict, newlyApplied, outcomeOfReceipt, receiptHash } from './receipt.ts';
import { orReceiptThere } from './receipt-there.ts';
import type { Row, Session } from './session.ts';
import type { SessionPool } from './session-pool.ts';
import type { Authority, Outcome } from './source-database.ts';
import type { Filling, Found, TableWriter } from './table-writer.ts';

/** The statements of a plan's table, and the sessions that they run in. */
export interface Table<S extends Session> {
  readonly pool: SessionPool<S>;
  readonly writer: TableWriter<S>;
}

/** A pass after which nothing is settled, and nothing went wrong. */
export type Unsettled =
  /** The authority to write had lapsed before the statement could be sent; nothing was. */
  | 'lapsed'
  /**
   * Nothing was written although the row is there at the expected version: somebody changed it and changed it back,
   * or something in the database suppresses the write.
   */
  | 'still_expected';

/** How a plan of a single update is tried. */
export function passOf<S extends Session>(table: Table<S>, filling: Filling): Pass {
  return {
    write: (authority) => writeOnce(table, filling, authority),
    look: () => readOutcome(table, filling),
    rehearse: () => rehearseOnce(table, filling),
  };
}

/**
 * One pass: the guarded write, and where it wrote nothing, the reason. Throws `DatabaseFault` for whatever the
 * database did not decide.
 */
async function writeOnce<S extends Session>(
  table: Table<S>,
  filling: Filling,
  authority: Authority,
): Promise<Outcome | Unsettled> {
  const receipt = await write(table, filling, authority);
  if (receipt === 'lapsed') return receipt;
  if (receipt !== undefined) {
    await reach('after_commit');
    return newlyApplied(filling.plan, receipt);
  }
  // A fresh statement: the one that waited for another attempt does not see, in its snapshot, what that one wrote.
  return (await readOutcome(table, filling)) ?? (await recordConflict(table, filling, authority));
}

/** What `writeOnce` would do now, without a trace: the write is rolled back, and no conflict is recorded. */
async function rehearseOnce<S extends Session>(
  table: Table<S>,
  filling: Filling,
): Promise<Outcome | Unsettled> {
  const known = await readOutcome(table, filling);
  if (known !== undefined) return known;
  const receipt = await orReceiptThere(
    table.pool.lend(async (session) => (await table.writer.prepare(session, filling, 'ROLLBACK'))()),
  );
  if (receipt !== undefined) return newlyApplied(filling.plan, receipt);
  const met = await diagnose(table, filling);
  if (met === 'still_expected' || 'kind' in met) return met;
  const resultVersion = met.version ?? undefined;
  const { jobId } = filling.plan;
  return {
    kind: 'conflict',
    reason: met.reason,
    resultVersion,
    resultHash: receiptHash(jobId, 'conflict', resultVersion),
  };
}

/** What the receipt under the plan's key tells, if there is one. */
async function readOutcome<S extends Session>(
  { pool, writer }: Table<S>,
  filling: Filling,
): Promise<Outcome | undefined> {
  const receipt = await pool.lend((session) => writer.readReceipt(session, filling));
  return receipt === undefined ? undefined : outcomeOfReceipt(filling.plan, receipt);
}

/** The new receipt; undefined when no row matched or there is a receipt already. */
function write<S extends Session>(
  { pool, writer }: Table<S>,
  filling: Filling,
  authority: Authority,
): Promise<Row | undefined | 'lapsed'> {
  return orReceiptThere(
    pool.lend(async (session) => {
      const send = await writer.prepare(session, filling, 'COMMIT');
      await reach('before_write');
      return authority.holds() ? send() : 'lapsed';
    }),
  );
}

async function recordConflict<S extends Session>(
  table: Table<S>,
  filling: Filling,
  authority: Authority,
): Promise<Outcome | Unsettled> {
  const met = await diagnose(table, filling);
  if (met === 'still_expected' || 'kind' in met) return met;
  const recorded = await orReceiptThere(
    table.pool.lend(async (session) =>
      authority.holds() ? table.writer.recordConflict(session, filling, met) : 'lapsed',
    ),
  );
  if (recorded === 'lapsed') return recorded;
  if (recorded !== undefined) return newConflict(filling.plan, met.reason, recorded);
  // Another attempt was recorded in between, and whatever it says holds for this one too.
  return (await readOutcome(table, filling)) ?? 'still_expected';
}

/** Why no row matched. */
async function diagnose<S extends Session>(
  { pool, writer }: Table<S>,
  filling: Filling,
): Promise<Found | Outcome | 'still_expected'> {
  const rows = await pool.lend((session) => writer.readVersion(session, filling));
  if (rows.length > 1) return { kind: 'failed', code: 'PRIMARY_KEY_NOT_UNIQUE' };
  const [version = null, isExpected] = rows[0] ?? [];
  if (isExpected === 't') return 'still_expected';
  return { reason: rows.length === 0 ? 'ROW_NOT_FOUND' : 'VERSION_CONFLICT', version };
}
