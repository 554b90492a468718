import { parseCommandLine } from './commands/command-line.ts';
import { connect } from './commands/connect.ts';
import { doctor } from './commands/doctor.ts';
import { drain } from './commands/drain.ts';
import { type CommandName, helpText } from './commands/help.ts';
import { terminalAsker } from './commands/init/ask.ts';
import { init } from './commands/init/init.ts';
import type { InitFlags } from './commands/init/init-flags.ts';
import { receipts } from './commands/receipts.ts';
import { receiptsSql } from './commands/receipts-sql.ts';
import { reconcile } from './commands/reconcile.ts';
import { Shutdown } from './commands/shutdown.ts';
import { start } from './commands/start.ts';
import { status } from './commands/status.ts';
import { type ExitCode, exitCodes } from './exit-codes.ts';
import { faultFields, jsonLog } from './log.ts';
import { runnerVersion } from './version.ts';

const log = jsonLog((line) => process.stdout.write(line));

const print = (text: string) => void process.stdout.write(text);
const complain = (text: string) => void process.stderr.write(text);

async function run(args: readonly string[]): Promise<ExitCode> {
  const command = parseCommandLine(args);
  const world = { environment: process.env, print, complain };
  switch (command.name) {
    case 'init':
      return initOnTerminal(command.flags);
    case 'start':
      return startUntilSignalled(command);
    case 'doctor':
      return doctor({ ...command, ...world });
    case 'connect':
      return connect({ ...command, ...world });
    case 'status':
      return status({ ...command, ...world });
    case 'drain':
      return drain({ ...command, ...world });
    case 'reconcile':
      return reconcile({ ...command, ...world });
    case 'receipts':
      return receipts(command.ask, { ...command, ...world });
    case 'receipts-sql':
      return receiptsSql({ ...command, ...world });
    case 'version':
      print(command.isJson ? `${JSON.stringify({ version: runnerVersion })}\n` : `${runnerVersion}\n`);
      return exitCodes.ok;
    case 'help':
      print(helpText(command.about, command.isJson));
      return exitCodes.ok;
    case 'misused':
      complain(`countersign-runner: ${command.fault}\n\`${helpCommand(command.about)}\` says more\n`);
      return exitCodes.usage;
  }
}

function helpCommand(about: CommandName | undefined): string {
  return about === undefined ? 'help' : `help ${about}`;
}

/** Asks on the terminal, if there is one; the questions go to stderr, since stdout is for the SQL. */
async function initOnTerminal(flags: InitFlags): Promise<ExitCode> {
  const isAsked = process.stdin.isTTY === true && !flags.isUnasked;
  const asker = isAsked ? terminalAsker(process.stdin, process.stderr) : undefined;
  try {
    return await init(flags, { environment: process.env, print, complain, asker });
  } finally {
    asker?.close();
  }
}

function startUntilSignalled(command: {
  configPath: string;
  isOnce: boolean;
  isDryRun: boolean;
}): Promise<ExitCode> {
  const shutdown = new Shutdown(log, () => process.exit(exitCodes.failed));
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => shutdown.next(signal));
  return start({ ...command, environment: process.env, log, shutdown });
}

// Whoever reads the log may go away; that must not end a runner in the middle of a write.
process.stdout.on('error', () => undefined);

run(process.argv.slice(2)).then(
  (code) => process.exit(code),
  (error) => {
    log('error', 'fault', faultFields(error));
    process.exit(exitCodes.failed);
  },
);
