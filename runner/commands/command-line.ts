import { parseArgs } from 'node:util';
import { type CommandName, isCommandName } from './help.ts';
import { type InitFlags, parseInitFlags } from './init/init-flags.ts';
import type { ReceiptsAsk } from './receipts.ts';

/** What most commands need: the configuration, and whether a program reads the answer. */
interface Common {
  readonly configPath: string;
  readonly isJson: boolean;
}

export type Command =
  | { readonly name: 'init'; readonly flags: InitFlags }
  | ({ readonly name: 'start'; readonly isOnce: boolean; readonly isDryRun: boolean } & Common)
  | ({ readonly name: 'doctor'; readonly createsReceipts: boolean } & Common)
  | ({ readonly name: 'receipts'; readonly ask: ReceiptsAsk; readonly sourceId: string | undefined } & Common)
  | ({ readonly name: 'status'; readonly isOfDaemon: boolean } & Common)
  | ({ readonly name: 'drain'; readonly isUndo: boolean; readonly timeoutSeconds: number } & Common)
  | ({
      readonly name: 'reconcile';
      readonly id: string;
      readonly sourceId: string | undefined;
      readonly isReported: boolean;
    } & Common)
  | ({ readonly name: PlainName } & Common)
  | { readonly name: 'version'; readonly isJson: boolean }
  | { readonly name: 'help'; readonly about?: CommandName; readonly isJson: boolean }
  /** What was wrong with the command line, and the command that it was of. */
  | { readonly name: 'misused'; readonly fault: string; readonly about?: CommandName };

type PlainName = 'connect' | 'receipts-sql';

/** Understands the arguments after the program's name. */
export function parseCommandLine(args: readonly string[]): Command {
  const [first = 'help', ...rest] = args;
  const name = synonyms[first] ?? first;
  if (!isCommandName(name)) return { name: 'misused', fault: `there is no command ${first}` };
  if (rest.some((word) => word === '--help' || word === '-h'))
    return { name: 'help', about: name, isJson: rest.includes('--json') };
  try {
    return parsers[name](rest);
  } catch (error) {
    return misused(name, error instanceof Error ? error.message : 'the arguments cannot be understood');
  }
}

const synonyms: Readonly<Record<string, CommandName>> = {
  '--version': 'version',
  '--help': 'help',
  '-h': 'help',
};

const json = { type: 'boolean', default: false } as const;
const config = { type: 'string', default: '' } as const;
const common = { config, json } as const;

const parsers: Readonly<Record<CommandName, (args: readonly string[]) => Command>> = {
  init: (args) => {
    const flags = parseInitFlags(args);
    return 'fault' in flags ? misused('init', flags.fault) : { name: 'init', flags };
  },
  start: (args) => {
    const options = { ...common, once: json, 'dry-run': json } as const;
    const { values } = parseArgs({ args: [...args], options });
    const { 'dry-run': isDryRun, once: isOnce } = values;
    return withConfig('start', values, (rest) => ({ name: 'start', isOnce, isDryRun, ...rest }));
  },
  doctor: (args) => {
    const { values } = parseArgs({ args: [...args], options: { ...common, 'create-receipts': json } });
    const createsReceipts = values['create-receipts'];
    return withConfig('doctor', values, (rest) => ({ name: 'doctor', createsReceipts, ...rest }));
  },
  connect: plain('connect'),
  status: (args) => {
    const { values } = parseArgs({ args: [...args], options: { ...common, daemon: json } });
    return withConfig('status', values, (rest) => ({ name: 'status', isOfDaemon: values.daemon, ...rest }));
  },
  'receipts-sql': plain('receipts-sql'),
  drain: drainCommand,
  reconcile: reconcileCommand,
  receipts: receiptsCommand,
  version: (args) => {
    const { values } = parseArgs({ args: [...args], options: { json } });
    return { name: 'version', isJson: values.json };
  },
  help: (args) => {
    const { positionals, values } = parseArgs({ args: [...args], allowPositionals: true, options: { json } });
    const [about] = positionals;
    if (about === undefined) return { name: 'help', isJson: values.json };
    if (!isCommandName(about)) return misused('help', `there is no command ${about}`);
    return { name: 'help', about, isJson: values.json };
  },
};

function plain(name: PlainName): (args: readonly string[]) => Command {
  return (args) => {
    const { values } = parseArgs({ args: [...args], options: common });
    return withConfig(name, values, (rest) => ({ name, ...rest }));
  };
}

const LONGEST_WAIT_SECONDS = 3_600;

function drainCommand(args: readonly string[]): Command {
  const options = { ...common, undo: json, timeout: { type: 'string', default: '60' } } as const;
  const { values } = parseArgs({ args: [...args], options });
  const timeoutSeconds = /^\d{1,4}$/.test(values.timeout) ? Number(values.timeout) : Number.NaN;
  if (!(timeoutSeconds <= LONGEST_WAIT_SECONDS))
    return misused('drain', `--timeout must be a number of seconds from 0 to ${LONGEST_WAIT_SECONDS}`);
  return withConfig('drain', values, (rest) => ({
    name: 'drain',
    isUndo: values.undo,
    timeoutSeconds,
    ...rest,
  }));
}

function reconcileCommand(args: readonly string[]): Command {
  const options = { ...common, source: { type: 'string' }, report: json } as const;
  const { positionals, values } = parseArgs({ args: [...args], allowPositionals: true, options });
  const [id, ...more] = positionals;
  if (id === undefined || id === '' || more.length > 0)
    return misused('reconcile', 'reconcile needs one key, job id or proposal id');
  const { report: isReported, source: sourceId } = values;
  return withConfig('reconcile', values, (rest) => ({
    name: 'reconcile',
    id,
    sourceId,
    isReported,
    ...rest,
  }));
}

const MOST_LISTED = 1_000;
const USUALLY_LISTED = '20';

function receiptsCommand(args: readonly string[]): Command {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      ...common,
      source: { type: 'string' },
      limit: { type: 'string', default: USUALLY_LISTED },
    },
  });
  const ask = receiptsAsk(positionals, values.limit);
  if (typeof ask === 'string') return misused('receipts', ask);
  return withConfig('receipts', values, (rest) => ({
    name: 'receipts',
    ask,
    sourceId: values.source,
    ...rest,
  }));
}

/** What is asked, or what is wrong with the asking. */
function receiptsAsk([action, receipt, ...rest]: readonly string[], limit: string): ReceiptsAsk | string {
  if (action === 'show') {
    if (receipt === undefined || receipt === '' || rest.length > 0)
      return 'receipts show needs one key, job id or proposal id';
    return { action, receipt };
  }
  if (action !== 'list' && action !== 'verify') return 'receipts is followed by list, show or verify';
  if (receipt !== undefined) return `receipts ${action} takes no ${receipt}`;
  if (action === 'verify') return { action };
  const count = /^\d{1,6}$/.test(limit) ? Number(limit) : 0;
  if (count < 1 || count > MOST_LISTED) return `--limit must be a number from 1 to ${MOST_LISTED}`;
  return { action, limit: count };
}

function withConfig(
  name: CommandName,
  values: { readonly config: string; readonly json: boolean },
  make: (common: Common) => Command,
): Command {
  if (values.config === '') return misused(name, `${name} needs --config FILE`);
  return make({ configPath: values.config, isJson: values.json });
}

function misused(about: CommandName, fault: string): Command {
  return { name: 'misused', fault, about };
}
