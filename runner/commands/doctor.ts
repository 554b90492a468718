import { ApiError } from '@countersign/client/api-error';
import { type Ack, createRunnerApi } from '@countersign/client/runner-api';
import { ConfigError } from '../config/config-error.ts';
import { loadConfig } from '../config/load-config.ts';
import type { RunnerConfig } from '../config/runner-config.ts';
import { readSecret } from '../config/secret.ts';
import { DatabaseFault } from '../databases/database-fault.ts';
import { receiptTableSqlOf, receiptUpgradeSqlOf } from '../databases/engine-sql.ts';
import { RECEIPTS_TOO_OLD } from '../databases/receipt-record.ts';
import type { SourceDatabase, SourceFault } from '../databases/source-database.ts';
import { type ExitCode, exitCodes } from '../exit-codes.ts';
import { runnerVersion } from '../version.ts';
import { explainFault } from './explain-fault.ts';
import { openDatabase } from './open-database.ts';
import { printable } from './printable.ts';

export interface DoctorOptions {
  readonly configPath: string;
  readonly isJson: boolean;
  /** Whether a table of receipts that is not there may be created. */
  readonly createsReceipts: boolean;
  readonly environment: NodeJS.ProcessEnv;
  readonly print: (text: string) => void;
}

/** What was looked at. A warning would be a failure in production. */
interface Check {
  readonly where: string;
  readonly outcome: 'ok' | 'warning' | 'failed' | 'unreachable';
  readonly what: string;
  /** What to run, as somebody who may. */
  readonly sql?: string;
}

const MARKS = { ok: '✓', warning: '!', failed: '✗', unreachable: '✗' } as const;
/** What a runner's token must be good for. */
const NEEDED = ['writeback:claim', 'writeback:heartbeat', 'writeback:result'] as const;

/**
 * Looks at everything that `start` will depend on, and changes nothing: a receipt is written and taken back, and their
 * table is created only where that was asked for. Exit codes: `refused` when something is wrong, `unreachable` when
 * all that is wrong is that something does not answer.
 */
export async function doctor(options: DoctorOptions): Promise<ExitCode> {
  const { isJson, print } = options;
  const checks = await examine(options);
  if (isJson) print(`${JSON.stringify({ runner_version: runnerVersion, checks }, null, 2)}\n`);
  else print(checks.map(textOf).join(''));
  if (checks.some(({ outcome }) => outcome === 'failed')) return exitCodes.refused;
  return checks.some(({ outcome }) => outcome === 'unreachable') ? exitCodes.unreachable : exitCodes.ok;
}

function textOf({ outcome, sql, what, where }: Check): string {
  const line = `${MARKS[outcome]} ${printable(`${where}: ${what}`)}\n`;
  return sql === undefined ? line : `${line}\n${sql};\n\n`;
}

async function examine(options: DoctorOptions): Promise<readonly Check[]> {
  const { configPath, environment } = options;
  const loaded = await orFaults('configuration', () => loadConfig(configPath, environment));
  if ('checks' in loaded) return loaded.checks;
  const config = loaded.value;
  const sources = Object.keys(config.sources);
  const checks: Check[] = [
    ok('configuration', `${sources.join(', ')}; profile ${config.profile}`),
    ...(await examineToken(config, environment)),
  ];
  for (const sourceId of sources) checks.push(...(await examineSource(config, sourceId, options)));
  return checks;
}

async function examineToken(config: RunnerConfig, environment: NodeJS.ProcessEnv): Promise<readonly Check[]> {
  const where = 'control plane';
  const { token, url } = config.control_plane;
  const read = await orFaults('token', () => readSecret(token, environment));
  if ('checks' in read) return read.checks;
  const api = createRunnerApi({
    url,
    token: () => read.value,
    userAgent: `countersign-runner/${runnerVersion}`,
  });
  try {
    return tokenChecks(config, await api.doctor());
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    const what = `${error.code}; ${adviceFor(error)}`;
    return [{ where, outcome: error.isRefusal ? 'failed' : 'unreachable', what }];
  }
}

function adviceFor(error: ApiError): string {
  if (!error.isRefusal) return 'check control_plane.url and the way to it';
  return error.isUnauthorized
    ? 'issue a runner token and put it where control_plane.token says'
    : 'the token may not do this: issue a runner token';
}

function tokenChecks({ sources }: RunnerConfig, answer: Ack): Check[] {
  const where = 'token';
  const covered = listOf(answer.source_ids);
  const granted = listOf(answer.permissions);
  const outside = Object.keys(sources).filter((id) => covered !== undefined && !covered.includes(id));
  const missing = NEEDED.filter((permission) => granted !== undefined && !granted.includes(permission));
  const faults = [
    ...outside.map((id) => `it does not cover the source ${id}; issue one that does`),
    ...missing.map((permission) => `it lacks ${permission}; issue a runner token`),
  ];
  if (faults.length > 0) return faults.map((what) => ({ where, outcome: 'failed', what }));
  return [
    ok(
      where,
      `project ${String(answer.project_id ?? 'unknown')}, sources ${covered?.join(', ') ?? 'not told'}`,
    ),
  ];
}

/** Undefined where a control plane does not tell. */
function listOf(value: unknown): readonly unknown[] | undefined {
  return Array.isArray(value) ? value : undefined;
}

async function examineSource(
  config: RunnerConfig,
  sourceId: string,
  { createsReceipts, environment }: DoctorOptions,
): Promise<readonly Check[]> {
  const source = config.sources[sourceId];
  if (source === undefined) return [];
  const opened = await orFaults(sourceId, () => openDatabase(sourceId, source, environment));
  if ('checks' in opened) return opened.checks;
  const database: SourceDatabase = opened.value;
  const checks: Check[] = [];
  const failed = ({ where, what }: SourceFault): Check => ({
    where: `${sourceId} ${where}`,
    outcome: 'failed',
    what,
  });
  try {
    checks.push(ok(sourceId, await database.serverName()));
    const receiptTable = `${source.receipts.schema}.${source.receipts.table}`;
    const isMissing = !(await database.hasReceipts());
    if (isMissing && createsReceipts)
      checks.push(await createReceipts(`${sourceId} ${receiptTable}`, database));
    const faults = await database.check();
    const help = (fault: SourceFault) => {
      if (fault.what === RECEIPTS_TOO_OLD) return { sql: receiptUpgradeSqlOf(source) };
      return isMissing && fault.where === receiptTable ? { sql: receiptTableSqlOf(source) } : {};
    };
    checks.push(...faults.map((fault) => ({ ...failed(fault), ...help(fault) })));
    if (faults.length === 0) {
      checks.push(ok(sourceId, `${Object.keys(source.tables).join(', ')} as configured`));
      if (source.rehearsals !== undefined)
        checks.push(
          ok(sourceId, `allows ${source.rehearsals.per_agent_a_minute} rehearsals a minute to each agent`),
        );
      const receipts = await database.rehearseReceipt();
      checks.push(...receipts.map(failed));
      if (receipts.length === 0) checks.push(ok(sourceId, 'a receipt could be written, and was taken back'));
    }
    const posture = await database.posture();
    const outcome = config.profile === 'production' ? 'failed' : 'warning';
    checks.push(...posture.map((fault): Check => ({ ...failed(fault), outcome })));
    if (posture.length === 0)
      checks.push(ok(sourceId, 'the role may change what the runner needs to, and nothing else'));
  } catch (error) {
    if (!(error instanceof DatabaseFault)) throw error;
    const { code, text } = explainFault(error);
    const outcome = code === exitCodes.unreachable ? 'unreachable' : 'failed';
    const what = code === exitCodes.failed ? `the database refused to be read (${error.code})` : text;
    checks.push({ where: sourceId, outcome, what });
  } finally {
    await database.close();
  }
  return checks;
}

/** Creates the table of receipts, or says why the role may not. */
async function createReceipts(where: string, database: SourceDatabase): Promise<Check> {
  try {
    await database.createReceipts();
    return ok(where, 'the receipt table was not there, and was created');
  } catch (error) {
    if (!(error instanceof DatabaseFault) || error.meaning.kind !== 'failed') throw error;
    const what = `the role may not create the receipt table (${error.code}); let somebody run the SQL who may`;
    return { where, outcome: 'failed', what };
  }
}

function ok(where: string, what: string): Check {
  return { where, outcome: 'ok', what };
}

/** What was read, or a check for each fault of the configuration. */
async function orFaults<Value>(
  where: string,
  read: () => Promise<Value>,
): Promise<{ readonly value: Value } | { readonly checks: readonly Check[] }> {
  try {
    return { value: await read() };
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return { checks: error.faults.map((what) => ({ where, outcome: 'failed', what })) };
  }
}
