import { printableJsonLine } from '@countersign/client/printable';
import { readLogLine } from '@countersign/protocol/log/log-line';
import { command } from '../command/command.ts';
import type { Context } from '../command/context.ts';
import { type ExitCode, exitCodes } from '../exit-codes.ts';
import { usageFault } from '../fault.ts';
import { followFile } from '../logs/follow-file.ts';
import { filterOf, filterOptions, type LogFilter } from '../logs/log-filter.ts';
import { logText, unknownText } from '../logs/log-text.ts';
import { unwrapped } from '../logs/tail-envelope.ts';
import { configOption, USUAL_CONFIG } from '../serving/config-option.ts';
import { openServe } from '../serving/open-serve.ts';
import { givenBy } from '../serving/serve-answer.ts';

const STDIN = '-';

interface Wanted {
  readonly file: string | undefined;
  readonly config: string | undefined;
  readonly isFollowed: boolean;
}

const logs = command({
  name: 'logs',
  summary: 'what the control plane logged: who asked, why not',
  text: `Of the plane that \`countersign serve\` runs on this machine, of a FILE, or of what is piped in, as by
\`wrangler tail --format json | countersign logs\`. FILE may be - for the standard input. With --json each line is one
document. What is no line of the log is shown behind a ?, and left out where anything is asked for.`,
  operands: ['[FILE]'],
  options: {
    ...filterOptions,
    follow: { type: 'boolean', short: 'f', help: 'go on with what comes' },
    ...configOption,
  },
  example: 'countersign logs --event request.denied --since 1h',
  run: async (context, { config, follow = false, ...values }, [file]) => {
    if (config !== undefined && file !== undefined) throw usageFault('name a FILE or a --config, not both');
    const filter = filterOf(values, context.world.now());
    const lines = await linesFrom(context, { file, config, isFollowed: follow });
    return show(context, unwrapped(lines), filter);
  },
});

async function linesFrom(
  { world }: Context,
  { file, config, isFollowed }: Wanted,
): Promise<AsyncIterable<string>> {
  const piped =
    file === STDIN || (file === undefined && config === undefined) ? world.inputLines() : undefined;
  if (piped !== undefined) return piped;
  if (file === STDIN) throw usageFault('nothing is piped in');
  if (file !== undefined) return followFile(file, isFollowed, world);
  const { serveLog } = await openServe();
  return followFile(givenBy(await serveLog(config ?? USUAL_CONFIG)), isFollowed, world);
}

async function show(
  context: Context,
  lines: AsyncIterable<string>,
  filter: LogFilter | undefined,
): Promise<ExitCode> {
  const { isJson, world } = context;
  let left = 0;
  for await (const text of lines) {
    const line = readLogLine(text);
    if (line === undefined) {
      if (text === '') continue;
      if (filter !== undefined) left += 1;
      else world.print(isJson ? printableJsonLine({ unknown: text }) : unknownText(text));
    } else if (filter === undefined || filter(line)) {
      world.print(isJson ? printableJsonLine(line) : logText(line));
    }
  }
  if (left > 0) context.say(`${left} ${left === 1 ? 'line is' : 'lines are'} no log of ours, and left out\n`);
  return exitCodes.ok;
}

export const logCommands = [logs];
