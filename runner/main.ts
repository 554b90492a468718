import { helpText, parseCommandLine } from './commands/command-line.ts';
import { connect } from './commands/connect.ts';
import { doctor } from './commands/doctor.ts';
import { receipts } from './commands/receipts.ts';
import { receiptsSql } from './commands/receipts-sql.ts';
import { Shutdown } from './commands/shutdown.ts';
import { start } from './commands/start.ts';
import { ConfigError } from './config/config-error.ts';
import { type ExitCode, exitCodes } from './exit-codes.ts';
import { faultFields, jsonLog } from './log.ts';
import { runnerVersion } from './version.ts';

const log = jsonLog((line) => process.stdout.write(line));

const print = (text: string) => void process.stdout.write(text);
const complain = (text: string) => void process.stderr.write(text);

async function run(args: readonly string[]): Promise<ExitCode> {
  const command = parseCommandLine(args);
  switch (command.name) {
    case 'start':
      return startUntilSignalled(command);
    case 'doctor':
      return doctor({ ...command, environment: process.env, print });
    case 'connect':
      return connect({ ...command, environment: process.env, print, complain });
    case 'receipts':
      return receipts(command.ask, { ...command, environment: process.env, print, complain });
    case 'receipts-sql':
      return printReceiptsSql(command.configPath);
    case 'version':
      process.stdout.write(`${runnerVersion}\n`);
      return exitCodes.ok;
    case 'help':
      process.stdout.write(helpText);
      return exitCodes.ok;
    case 'misused':
      process.stderr.write(`countersign-runner: ${command.fault}\n\n${helpText}`);
      return exitCodes.usage;
  }
}

function startUntilSignalled(command: { configPath: string; isOnce: boolean }): Promise<ExitCode> {
  const shutdown = new Shutdown(log, () => process.exit(exitCodes.failed));
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => shutdown.next(signal));
  return start({ ...command, environment: process.env, log, shutdown });
}

async function printReceiptsSql(configPath: string): Promise<ExitCode> {
  try {
    process.stdout.write(await receiptsSql(configPath));
    return exitCodes.ok;
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    complain(`${error.faults.join('\n')}\n`);
    return exitCodes.refused;
  }
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
