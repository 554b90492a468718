import { ApiError } from '@countersign/client/api-error';
import type { RunnerApi } from '@countersign/client/runner-api';
import { ConfigError } from '../config/config-error.ts';
import { loadConfig } from '../config/load-config.ts';
import type { RunnerConfig } from '../config/runner-config.ts';
import type { ReceiptArchive, ReceiptRecord } from '../databases/receipt-record.ts';
import { type ExitCode, exitCodes } from '../exit-codes.ts';
import { explainFault } from './explain-fault.ts';
import { openControlPlane } from './open-control-plane.ts';
import { openDatabase } from './open-database.ts';
import { printable } from './printable.ts';
import { type Evidence, judge, type Verdict } from './receipt-evidence.ts';
import { reportOf } from './receipt-report.ts';

export interface ReconcileOptions {
  readonly configPath: string;
  /** A receipt's key, a job or a proposal. */
  readonly id: string;
  readonly sourceId: string | undefined;
  /** Tell the control plane what the receipt tells. */
  readonly isReported: boolean;
  readonly isJson: boolean;
  readonly environment: NodeJS.ProcessEnv;
  readonly print: (text: string) => void;
  readonly complain: (text: string) => void;
}

/** What the control plane said to a receipt's result. */
interface Told {
  readonly outcome: 'recorded' | 'different' | 'refused' | 'unreachable';
  readonly code: ExitCode;
  readonly text: string;
}

interface Settled extends Evidence {
  readonly sourceId: string;
  readonly receipt: ReceiptRecord;
  readonly told: Told | undefined;
}

/**
 * Says from the receipts, and from the rows as they are now, what became of a write; with `isReported` the control
 * plane is told. Exit codes: `ok` also when nothing was written, `conflict` for evidence that contradicts itself or
 * what the control plane has, `refused`, `unreachable`, `failed` for a database that cannot be read.
 */
export async function reconcile(options: ReconcileOptions): Promise<ExitCode> {
  const { complain, configPath, environment, isReported } = options;
  try {
    const config = await loadConfig(configPath);
    const api = isReported ? await openControlPlane(config, environment) : undefined;
    const found = await gather(config, options);
    const settled: Settled[] = [];
    for (const one of found) settled.push({ ...one, told: await tell(api, one) });
    say(options, config, settled);
    const codes = settled.flatMap(({ told, verdict }) => [
      verdict === 'contradiction' ? exitCodes.conflict : exitCodes.ok,
      told?.code ?? exitCodes.ok,
    ]);
    return gravest.find((code) => codes.includes(code)) ?? exitCodes.ok;
  } catch (error) {
    const { code, text } = explainFault(error);
    complain(`${text}\nnothing is known by this; nothing was changed\n`);
    return code;
  }
}

const gravest = [exitCodes.conflict, exitCodes.refused, exitCodes.unreachable];

/** The receipts of that name in every source that is meant, each with what speaks for and against it. */
async function gather(
  config: RunnerConfig,
  { configPath, environment, id, sourceId }: ReconcileOptions,
): Promise<Omit<Settled, 'told'>[]> {
  if (sourceId !== undefined && !Object.hasOwn(config.sources, sourceId))
    throw new ConfigError([`there is no source ${sourceId} in ${configPath}`]);
  const found: Omit<Settled, 'told'>[] = [];
  for (const [name, source] of Object.entries(config.sources)) {
    if (sourceId !== undefined && name !== sourceId) continue;
    const database = await openDatabase(name, source, environment);
    try {
      const receipts = await receiptsOfJobs(id, database);
      for (const receipt of receipts)
        found.push({ sourceId: name, receipt, ...(await judge(receipt, receipts, source, database)) });
    } finally {
      await database.close();
    }
  }
  return found;
}

/** The receipts of that name, and every other one of their jobs: a job that has two contradicts itself. */
async function receiptsOfJobs(
  id: string,
  archive: Pick<ReceiptArchive, 'receiptsNamed'>,
): Promise<readonly ReceiptRecord[]> {
  const named = await archive.receiptsNamed(id);
  const byKey = new Map(named.map((receipt) => [receipt.idempotency_key, receipt]));
  for (const jobId of new Set(named.map(({ job_id }) => job_id))) {
    if (jobId === null || jobId === id) continue;
    // What is called so by another of its names is not of this job.
    for (const receipt of await archive.receiptsNamed(jobId))
      if (receipt.job_id === jobId) byKey.set(receipt.idempotency_key, receipt);
  }
  return [...byKey.values()];
}

/** Sends the result that a sound receipt tells. Throws what is a fault of this program. */
async function tell(
  api: RunnerApi | undefined,
  { receipt, verdict }: Pick<Settled, 'receipt' | 'verdict'>,
): Promise<Told | undefined> {
  if (api === undefined || verdict === 'contradiction') return undefined;
  const report = reportOf(receipt);
  if (report === undefined) {
    const text = `the receipt of a ${receipt.operation} does not hold its whole result: let the job be tried again, and its next attempt reports what this receipt says`;
    return { outcome: 'refused', code: exitCodes.refused, text };
  }
  try {
    const { status } = await api.result(report);
    const text = `the control plane has it: ${String(status ?? receipt.status)}`;
    return { outcome: 'recorded', code: exitCodes.ok, text };
  } catch (error) {
    if (error instanceof ApiError && CONTRADICTS.has(error.code)) {
      const text = `the control plane has another story (${error.code}): ${error.message}`;
      return { outcome: 'different', code: exitCodes.conflict, text };
    }
    const { code, text } = explainFault(error);
    return { outcome: code === exitCodes.unreachable ? 'unreachable' : 'refused', code, text };
  }
}

/** What it answers when the receipt's result, or the lease that it was written under, is not what it knows. */
const CONTRADICTS: ReadonlySet<string> = new Set(['result_differs', 'lease_unknown', 'lease_foreign']);

function say(
  { id, isJson, print, sourceId }: ReconcileOptions,
  config: RunnerConfig,
  settled: readonly Settled[],
): void {
  if (isJson) {
    print(
      `${JSON.stringify({ id, verdict: verdictOf(settled), receipts: settled.map(documentOf) }, null, 2)}\n`,
    );
  } else if (settled.length === 0) {
    const where = sourceId ?? Object.keys(config.sources).join(', ');
    print(
      `not written: no receipt in ${where}. If the job belongs to one of them, nothing was written under that name and the next attempt is safe. Look at the id and at the configuration first.\n`,
    );
  } else
    print(
      settled
        .flatMap(linesOf)
        .map((line) => `${printable(line)}\n`)
        .join(''),
    );
}

function verdictOf(settled: readonly Settled[]): Verdict | 'not_written' {
  const verdicts = settled.map(({ verdict }) => verdict);
  return (
    (['contradiction', 'applied', 'conflict'] as const).find((one) => verdicts.includes(one)) ?? 'not_written'
  );
}

function documentOf({ receipt, rows, sourceId, told, verdict, why }: Settled) {
  return {
    source_id: sourceId,
    verdict,
    why,
    receipt,
    rows: rows?.map(({ order, version }) => ({ version, order: order ?? null })) ?? null,
    report: told === undefined ? null : { outcome: told.outcome, text: told.text },
  };
}

function linesOf({ receipt, sourceId, told, verdict, why }: Settled): string[] {
  const { job_id, recorded_at, runner_id, target_key, target_table } = receipt;
  return [
    `${verdict}: ${why}`,
    `  ${job_id} on ${target_table} ${target_key} in ${sourceId}, recorded ${recorded_at} by ${runner_id}`,
    ...(told === undefined ? [] : [`  ${told.text}`]),
    ...(verdict === 'contradiction'
      ? ['  nothing was reported: a person must look at the row and its receipt']
      : []),
  ];
}
