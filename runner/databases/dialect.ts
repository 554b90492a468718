import type { RehearsalLimits } from '../config/runner-config.ts';
import type { OperationWriter } from './operation-writer.ts';
import type { ReceiptActivity, ReceiptRecord } from './receipt-record.ts';
import type { Session } from './session.ts';
import type { RowName, RowVersion, SourceFault } from './source-database.ts';
import type { TableWriter } from './table-writer.ts';

/** What an engine knows of one configured source. All throw `DatabaseFault`. */
export interface Dialect<S extends Session> {
  /** Opens a session and pins every setting that the meaning of a statement depends on. */
  open(): Promise<S>;
  /** The same for rehearsals, which wait less. */
  openForRehearsals(limits: RehearsalLimits): Promise<S>;
  /** Asks the server whether it is there. */
  ping(session: S): Promise<void>;
  /** The server's name and version, as it says them itself. */
  serverName(session: S): Promise<string>;
  /** Compares the database with the configuration. */
  check(session: S): Promise<readonly SourceFault[]>;
  /** What the role may do beyond what the runner needs. */
  posture(session: S): Promise<readonly SourceFault[]>;
  /** Whether there is a table of receipts that the role can see. */
  hasReceipts(session: S): Promise<boolean>;
  /** Creates the table of receipts. */
  createReceipts(session: S): Promise<void>;
  /** Writes a receipt and takes it back; what kept it from being written. */
  rehearseReceipt(session: S): Promise<readonly SourceFault[]>;
  /** The statements of a table of the configuration (`schema.table`); throws `RangeError` for any other. */
  writer(table: string): TableWriter<S>;
  /** Those of its operations; throws as `writer` does. */
  operationWriter(table: string): OperationWriter<S>;
  /** As `SourceDatabase` has it. */
  versionsOf(session: S, row: RowName, comparedWith: string | null): Promise<readonly RowVersion[]>;
  /** As `ReceiptArchive` has them. */
  receiptActivity(session: S): Promise<ReceiptActivity>;
  newestReceipts(session: S, limit: number): Promise<readonly ReceiptRecord[]>;
  receiptsAfter(session: S, key: string, limit: number): Promise<readonly ReceiptRecord[]>;
  receiptsNamed(session: S, name: string): Promise<readonly ReceiptRecord[]>;
}
