import { parseArgs } from 'node:util';

export type Command =
  | { readonly name: 'start' | 'receipts-sql'; readonly configPath: string }
  | { readonly name: 'version' | 'help' }
  /** What was wrong with the command line. */
  | { readonly name: 'misused'; readonly fault: string };

export const helpText = `countersign-runner: writes approved changes to your databases, once each.

Usage:
  countersign-runner start --config FILE         lease approved jobs and write them, until SIGTERM
  countersign-runner receipts-sql --config FILE  print the SQL that creates the receipt tables
  countersign-runner version
  countersign-runner help

Signals while it runs (SIGTERM or SIGINT):
  first   take no new work, finish and report what has begun, exit
  second  wait for nothing any more
  third   exit at once

Exit codes:
  0  ok
  1  failed, or was stopped before everything was finished
  2  usage
  3  refused: by the configuration, a database's check, or the control plane
  5  the control plane could not be reached at the start
`;

/** Understands the arguments after the program's name. */
export function parseCommandLine(args: readonly string[]): Command {
  const [name = 'help', ...rest] = args;
  switch (name) {
    case 'start':
    case 'receipts-sql':
      return withConfig(name, rest);
    case 'version':
    case '--version':
      return { name: 'version' };
    case 'help':
    case '--help':
    case '-h':
      return { name: 'help' };
    default:
      return { name: 'misused', fault: `there is no command ${name}` };
  }
}

function withConfig(name: 'start' | 'receipts-sql', args: readonly string[]): Command {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: { config: { type: 'string' }, help: { type: 'boolean', short: 'h' } },
    });
    if (values.help === true) return { name: 'help' };
    if (values.config !== undefined && values.config !== '') return { name, configPath: values.config };
    return { name: 'misused', fault: `${name} needs --config FILE` };
  } catch (error) {
    return {
      name: 'misused',
      fault: error instanceof Error ? error.message : 'the arguments cannot be understood',
    };
  }
}
