import { parseArgs } from 'node:util';
import type { ReceiptsAsk } from './receipts.ts';

export type Command =
  | { readonly name: 'start'; readonly configPath: string; readonly isOnce: boolean }
  | { readonly name: 'receipts-sql'; readonly configPath: string }
  | {
      readonly name: 'receipts';
      readonly ask: ReceiptsAsk;
      readonly configPath: string;
      readonly sourceId: string | undefined;
      readonly isJson: boolean;
    }
  | { readonly name: 'doctor' | 'connect'; readonly configPath: string; readonly isJson: boolean }
  | { readonly name: 'version' | 'help' }
  /** What was wrong with the command line. */
  | { readonly name: 'misused'; readonly fault: string };

export const helpText = `countersign-runner: writes approved changes to your databases, once each.

Usage:
  countersign-runner start --config FILE            lease approved jobs and write them, until SIGTERM;
                                                    --once: until nothing is left to do
  countersign-runner doctor --config FILE           look at all that start needs; changes nothing
  countersign-runner connect --config FILE          introduce this runner to the control plane
  countersign-runner receipts list --config FILE    the latest receipts; --limit N (usually 20)
  countersign-runner receipts show ID --config FILE one receipt, by its key, job or proposal
  countersign-runner receipts verify --config FILE  compute the hash of every receipt anew
  countersign-runner receipts-sql --config FILE     print the SQL that creates the receipt tables
  countersign-runner version
  countersign-runner help

Receipts lie in your own databases; these commands only read them.
  --source ID   one source instead of all (receipts)
  --json        one JSON document, for programs (doctor, connect, receipts)

Signals while it runs (SIGTERM or SIGINT):
  first   take no new work, finish and report what has begun, exit
  second  wait for nothing any more
  third   exit at once

Exit codes:
  0  ok
  1  failed, or was stopped before everything was finished; a receipt that is missing or not whole
  2  usage
  3  refused: by the configuration, a database's check, the control plane, or the address of the http server
  5  the control plane could not be reached at the start, or a database by a command that needs it
`;

/** Understands the arguments after the program's name. */
export function parseCommandLine(args: readonly string[]): Command {
  const [name = 'help', ...rest] = args;
  switch (name) {
    case 'start':
      return understood(() => startCommand(rest));
    case 'receipts-sql':
      return understood(() => receiptsSqlCommand(rest));
    case 'doctor':
    case 'connect':
      return understood(() => jsonCommand(name, rest));
    case 'receipts':
      return understood(() => receiptsCommand(rest));
    case 'version':
    case '--version':
      return { name: 'version' };
    case 'help':
    case '--help':
    case '-h':
      return { name: 'help' };
    default:
      return misused(`there is no command ${name}`);
  }
}

const shared = { config: { type: 'string' }, help: { type: 'boolean', short: 'h' } } as const;

function startCommand(args: readonly string[]): Command {
  const options = { ...shared, once: { type: 'boolean', default: false } } as const;
  const { values } = parseArgs({ args: [...args], options });
  if (values.help === true) return { name: 'help' };
  if (!isGiven(values.config)) return misused('start needs --config FILE');
  return { name: 'start', configPath: values.config, isOnce: values.once };
}

function receiptsSqlCommand(args: readonly string[]): Command {
  const { values } = parseArgs({ args: [...args], options: shared });
  if (values.help === true) return { name: 'help' };
  if (!isGiven(values.config)) return misused('receipts-sql needs --config FILE');
  return { name: 'receipts-sql', configPath: values.config };
}

function jsonCommand(name: 'doctor' | 'connect', args: readonly string[]): Command {
  const options = { ...shared, json: { type: 'boolean', default: false } } as const;
  const { values } = parseArgs({ args: [...args], options });
  if (values.help === true) return { name: 'help' };
  if (!isGiven(values.config)) return misused(`${name} needs --config FILE`);
  return { name, configPath: values.config, isJson: values.json };
}

const MOST_LISTED = 1_000;
const USUALLY_LISTED = '20';

function receiptsCommand(args: readonly string[]): Command {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      ...shared,
      source: { type: 'string' },
      limit: { type: 'string', default: USUALLY_LISTED },
      json: { type: 'boolean', default: false },
    },
  });
  if (values.help === true) return { name: 'help' };
  const ask = receiptsAsk(positionals, values.limit);
  if (typeof ask === 'string') return misused(ask);
  if (!isGiven(values.config)) return misused('receipts needs --config FILE');
  const { config: configPath, source: sourceId, json: isJson } = values;
  return { name: 'receipts', ask, configPath, sourceId, isJson };
}

/** What is asked, or what is wrong with the asking. */
function receiptsAsk([action, receipt, ...rest]: readonly string[], limit: string): ReceiptsAsk | string {
  if (action === 'show') {
    if (!isGiven(receipt) || rest.length > 0) return 'receipts show needs one key, job id or proposal id';
    return { action, receipt };
  }
  if (action !== 'list' && action !== 'verify') return 'receipts is followed by list, show or verify';
  if (receipt !== undefined) return `receipts ${action} takes no ${receipt}`;
  if (action === 'verify') return { action };
  const count = /^\d{1,6}$/.test(limit) ? Number(limit) : 0;
  if (count < 1 || count > MOST_LISTED) return `--limit must be a number from 1 to ${MOST_LISTED}`;
  return { action, limit: count };
}

function isGiven(value: string | undefined): value is string {
  return value !== undefined && value !== '';
}

function misused(fault: string): Command {
  return { name: 'misused', fault };
}

function understood(parse: () => Command): Command {
  try {
    return parse();
  } catch (error) {
    return misused(error instanceof Error ? error.message : 'the arguments cannot be understood');
  }
}
