import type { SourceConfig } from '../config/runner-config.ts';
import { receiptFault } from '../databases/receipt-fault.ts';
import { type ReceiptRecord, USUAL_OPERATION } from '../databases/receipt-record.ts';
import type { RowVersion, SourceDatabase } from '../databases/source-database.ts';

export type Verdict = 'applied' | 'conflict' | 'contradiction';

/** What a receipt tells, and whether everything else agrees. */
export interface Evidence {
  readonly verdict: Verdict;
  readonly why: string;
  /** The row as it is now; undefined where it was not looked at. */
  readonly rows: readonly RowVersion[] | undefined;
}

/**
 * Compares a receipt with itself, with others of its job and with the row. Versions only go up: a row that is older
 * than its receipt was restored, or its receipt was made up. Throws `DatabaseFault`.
 */
export async function judge(
  receipt: ReceiptRecord,
  alike: readonly ReceiptRecord[],
  source: SourceConfig,
  database: Pick<SourceDatabase, 'versionsOf'>,
): Promise<Evidence> {
  const fault = receiptFault(receipt);
  if (fault !== undefined) return contradiction(`the receipt is not as it was written: ${fault}`);
  if (alike.filter(({ job_id }) => job_id === receipt.job_id).length > 1)
    return contradiction('the job has more than one receipt, and one write makes one');
  if (receipt.operation !== USUAL_OPERATION) return evidenceOfOperation(receipt);
  const rows = await rowsOf(receipt, source, database);
  const version = receipt.result_version;
  if (rows !== undefined && rows.length > 0 && rows.every(({ order }) => order === 'older'))
    return contradiction(`the row is older now than its receipt says (${version})`, rows);
  return receipt.status === 'applied'
    ? {
        verdict: 'applied',
        why: `the change was made, and the row got version ${version}; ${stateOf(rows)}`,
        rows,
      }
    : { verdict: 'conflict', why: `nothing was written: ${conflictText(receipt)}; ${stateOf(rows)}`, rows };
}

/** What a row is after a removal, or of several, a version does not tell; the receipt itself does. */
function evidenceOfOperation(receipt: ReceiptRecord): Evidence {
  const { affected_rows, operation, reason, status } = receipt;
  const isApplied = status === 'applied';
  const why = isApplied
    ? `the ${operation} was made, of ${affected_rows} in all; rows are not looked at but after single updates`
    : `nothing was written by the ${operation}: ${reason}; rows are not looked at but after single updates`;
  return { verdict: isApplied ? 'applied' : 'conflict', why, rows: undefined };
}

function contradiction(why: string, rows?: readonly RowVersion[]): Evidence {
  return { verdict: 'contradiction', why, rows };
}

async function rowsOf(
  { result_version, target_key, target_table }: ReceiptRecord,
  { tables }: SourceConfig,
  database: Pick<SourceDatabase, 'versionsOf'>,
): Promise<readonly RowVersion[] | undefined> {
  const permission = tables[target_table ?? ''];
  if (permission === undefined || target_table === null || target_key === null) return undefined;
  const rows = await database.versionsOf({ table: target_table, key: target_key }, result_version);
  const own = 'values' in permission.tenant ? permission.tenant.values : undefined;
  return rows.filter(({ tenant }) => own === undefined || (tenant !== null && own.includes(tenant)));
}

function conflictText({ reason, result_version }: ReceiptRecord): string {
  return reason === 'ROW_NOT_FOUND' ? 'there was no such row' : `the row had version ${result_version}`;
}

function stateOf(rows: readonly RowVersion[] | undefined): string {
  if (rows === undefined) return 'the row was not looked at, since its table is not configured any more';
  if (rows.length === 0) return 'there is no such row now';
  const versions = rows.map(({ version }) => version).join(', ');
  return rows.some(({ order }) => order === 'same')
    ? 'it has that version still'
    : `now it has version ${versions}`;
}
