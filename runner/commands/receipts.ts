import { ConfigError } from '../config/config-error.ts';
import { loadConfig } from '../config/load-config.ts';
import type { DatabaseFault } from '../databases/database-fault.ts';
import { receiptFault } from '../databases/receipt-fault.ts';
import { type ReceiptArchive, type ReceiptRecord, receiptFields } from '../databases/receipt-record.ts';
import type { SourceDatabase } from '../databases/source-database.ts';
import { type ExitCode, exitCodes } from '../exit-codes.ts';
import { type Explained, explainFault, lacksTable } from './explain-fault.ts';
import { openDatabase } from './open-database.ts';
import { printable } from './printable.ts';

/** What is asked of the receipts. */
export type ReceiptsAsk =
  | { readonly action: 'list'; readonly limit: number }
  | { readonly action: 'show'; readonly receipt: string }
  | { readonly action: 'verify' };

export interface ReceiptsOptions {
  readonly configPath: string;
  /** One source instead of all that are configured. */
  readonly sourceId: string | undefined;
  /** For programs: one JSON document. */
  readonly isJson: boolean;
  readonly environment: NodeJS.ProcessEnv;
  readonly print: (text: string) => void;
  readonly complain: (text: string) => void;
}

interface Answer {
  readonly code: ExitCode;
  readonly document: object;
  readonly lines: readonly string[];
}

type Read = Answer & { readonly sourceId: string };

const PAGE = 1_000;

/**
 * Shows the receipts that lie in the sources' own databases, or computes their hashes anew. Only reads. Exit codes:
 * `failed` when a receipt is not whole or not there, `refused` by the configuration, `unreachable` databases.
 */
export async function receipts(ask: ReceiptsAsk, options: ReceiptsOptions): Promise<ExitCode> {
  try {
    const reads = await readAll(ask, options);
    if (options.isJson) {
      const sources = Object.fromEntries(reads.map(({ sourceId, document }) => [sourceId, document]));
      options.print(`${JSON.stringify({ sources }, null, 2)}\n`);
    } else {
      options.print(reads.flatMap(({ lines }) => lines.map((line) => `${printable(line)}\n`)).join(''));
    }
    if (ask.action === 'show' && reads.every(({ lines }) => lines.length === 0)) {
      options.complain('there is no such receipt; `receipts list` shows the latest\n');
      return exitCodes.failed;
    }
    return reads.find(({ code }) => code !== exitCodes.ok)?.code ?? exitCodes.ok;
  } catch (error) {
    const { code, text } = lacksTable(error) ? noReceiptTable(error) : explainFault(error);
    options.complain(`${text}\n`);
    return code;
  }
}

async function readAll(ask: ReceiptsAsk, options: ReceiptsOptions): Promise<readonly Read[]> {
  const { configPath, environment, sourceId } = options;
  const { sources } = await loadConfig(configPath);
  if (sourceId !== undefined && !Object.hasOwn(sources, sourceId))
    throw new ConfigError([`there is no source ${sourceId} in ${configPath}`]);
  const reads: Read[] = [];
  for (const [name, source] of Object.entries(sources)) {
    if (sourceId !== undefined && name !== sourceId) continue;
    const database: SourceDatabase = await openDatabase(name, source, environment);
    try {
      reads.push({ sourceId: name, ...(await read(ask, name, database)) });
    } finally {
      await database.close();
    }
  }
  return reads;
}

async function read(ask: ReceiptsAsk, sourceId: string, archive: ReceiptArchive): Promise<Answer> {
  switch (ask.action) {
    case 'list': {
      const records = await archive.newestReceipts(ask.limit);
      return { code: exitCodes.ok, document: records, lines: records.map((one) => summary(sourceId, one)) };
    }
    case 'show': {
      // A receipt lies in one source; that the others have none is no failure.
      const records = await archive.receiptsNamed(ask.receipt);
      const document = records.map((one) => ({ ...one, fault: receiptFault(one) ?? null }));
      const code = document.some(({ fault }) => fault !== null) ? exitCodes.failed : exitCodes.ok;
      return { code, document, lines: records.flatMap((one) => details(sourceId, one)) };
    }
    case 'verify':
      return verify(sourceId, archive);
  }
}

async function verify(sourceId: string, archive: ReceiptArchive): Promise<Answer> {
  const faults: { idempotency_key: string | null; fault: string }[] = [];
  let checked = 0;
  let after = '';
  for (;;) {
    const page = await archive.receiptsAfter(after, PAGE);
    for (const record of page) {
      const fault = receiptFault(record);
      if (fault !== undefined) faults.push({ idempotency_key: record.idempotency_key, fault });
    }
    checked += page.length;
    after = page.at(-1)?.idempotency_key ?? after;
    if (page.length < PAGE) break;
  }
  const isWhole = faults.length === 0;
  const end = isWhole ? 'each is what it was when it was written' : `${faults.length} not as written`;
  return {
    code: isWhole ? exitCodes.ok : exitCodes.failed,
    document: { checked, faults },
    lines: [
      ...faults.map(({ idempotency_key: key, fault }) => `${sourceId}  ${key}: ${fault}`),
      `${sourceId}  ${checked} receipts checked: ${end}`,
    ],
  };
}

function summary(sourceId: string, record: ReceiptRecord): string {
  const { recorded_at: at, status, reason, target_table: table, target_key: key, job_id: job } = record;
  return [at, sourceId, status, reason ?? '-', `${table} ${key}`, job].join('  ');
}

function details(sourceId: string, record: ReceiptRecord): string[] {
  const fault = receiptFault(record);
  const fields: [name: string, value: string][] = [
    ['source', sourceId],
    ...receiptFields.map((name): [string, string] => [name, record[name] ?? '-']),
    ['verified', fault ?? 'yes'],
  ];
  return fields.map(([name, value]) => `${name.padEnd(16)}${value}`);
}

function noReceiptTable({ code }: DatabaseFault): Explained {
  const text = `the receipt table is not there (is this the right database?): ${code}`;
  return { code: exitCodes.failed, text };
}
