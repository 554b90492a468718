import type { Receipt } from '../history.ts';
import type { Process } from '../schedule.ts';
import type { CustomerDatabase, CustomerStatement, Tables } from './customer-database.ts';

/** What a job asks of the customer's database, as far as its guards go. */
export interface GuardedJob {
  readonly key: string;
  readonly row: string;
  /** The version that was approved. */
  readonly expected: number;
}

export interface Written {
  readonly status: 'applied' | 'already_applied' | 'conflict';
  readonly receipt: Receipt;
}

/**
 * The runner's write, statement by statement (DESIGN 8): the guarded update with its receipt; where that changed
 * nothing, a fresh look for the receipt; where there is none, and the row is not as expected, a receipt of the
 * conflict; where another attempt was faster with one, a fresh look again. `still_expected`: the row came back to
 * its version in between, so it is tried again. Throws `ConnectionLost` when it is not known what was committed.
 */
export async function writeGuarded(
  client: Process,
  database: CustomerDatabase,
  job: GuardedJob,
  seq: () => number,
): Promise<Written | 'still_expected'> {
  const tried = await database.execute(client, updateWithReceipt(job, seq));
  if (tried !== 'unique_violation' && tried !== 'no_row') return { status: 'applied', receipt: tried };
  const found = await database.execute(client, readReceipt(job));
  if (found !== undefined) return asFound(found);
  const version = await database.execute(client, readVersion(job));
  if (version === job.expected) return 'still_expected';
  const conflict = await database.execute(client, insertConflict(job, seq));
  if (conflict !== undefined) return { status: 'conflict', receipt: conflict };
  const other = await database.execute(client, readReceipt(job));
  return other === undefined ? 'still_expected' : asFound(other);
}

/** Looks for the receipt only: what a runner may still do when its authority to write is over. */
export function readReceipt(job: GuardedJob): CustomerStatement<Receipt | undefined> {
  return { label: 'read receipt', locks: [], run: (tables) => ({ result: tables.receipt(job.key) }) };
}

function readVersion({ row }: GuardedJob): CustomerStatement<number | undefined> {
  return { label: 'read version', locks: [], run: ({ rows }) => ({ result: rows.get(row)?.version }) };
}

function asFound(receipt: Receipt): Written {
  return { status: receipt.outcome === 'applied' ? 'already_applied' : 'conflict', receipt };
}

function updateWithReceipt(
  job: GuardedJob,
  seq: () => number,
): CustomerStatement<Receipt | 'no_row' | 'unique_violation'> {
  return {
    label: 'update with receipt',
    locks: [`row ${job.row}`, `key ${job.key}`],
    run: (tables) => {
      const row = tables.rows.get(job.row);
      if (row === undefined || row.version !== job.expected) return { result: 'no_row' };
      if (isTaken(tables, job)) return { result: 'unique_violation' };
      const receipt = receiptFor(job, 'applied', row.version, row.version + 1, seq());
      const commit = () => {
        row.version = receipt.version;
        tables.receipts.push(receipt);
      };
      return { result: receipt, commit };
    },
  };
}

/** INSERT ... ON CONFLICT DO NOTHING RETURNING: undefined when a receipt stands there already. */
function insertConflict(job: GuardedJob, seq: () => number): CustomerStatement<Receipt | undefined> {
  return {
    label: 'insert conflict',
    locks: [`key ${job.key}`],
    run: (tables) => {
      if (isTaken(tables, job)) return { result: undefined };
      const version = tables.rows.get(job.row)?.version ?? 0;
      const receipt = receiptFor(job, 'conflict', version, version, seq());
      return { result: receipt, commit: () => void tables.receipts.push(receipt) };
    },
  };
}

/** The unique key of the receipts. */
function isTaken(tables: Tables, job: GuardedJob): boolean {
  return tables.receipt(job.key) !== undefined;
}

function receiptFor(
  { key, row }: GuardedJob,
  outcome: Receipt['outcome'],
  base: number,
  version: number,
  seq: number,
): Receipt {
  return { key, outcome, row, base, version, hash: `sha256:${outcome} ${key} ${version}`, seq };
}
