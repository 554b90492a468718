import { parseArgs } from 'node:util';
import type { ExitCode } from '../exit-codes.ts';
import { usageFault } from '../fault.ts';
import type { Context } from './context.ts';
import { type CommonValues, commonOptions, type Options, type Values } from './options.ts';

interface Definition<Of extends Options> {
  /** One word, or noun and verb. */
  readonly name: string;
  readonly summary: string;
  readonly example: string;
  /** What follows the name: `FILE`, `[FILE]` where it can be left away, `WORD...` for one or more. */
  readonly operands?: readonly string[];
  readonly options?: Of;
  /** What the summary leaves out. */
  readonly text?: string;
  run(context: Context, values: Values<Of>, operands: readonly string[]): Promise<ExitCode>;
}

/** One thing that can be asked on the command line. Commands are data: the parser and the help are made of them. */
export interface Command {
  readonly name: string;
  readonly summary: string;
  readonly example: string;
  readonly operands: readonly string[];
  readonly options: Options;
  readonly text: string | undefined;
  /** Understands what follows the name. Throws `CliFault`. */
  parse(args: readonly string[]): Parsed;
}

export interface Parsed {
  readonly common: CommonValues;
  run(context: Context): Promise<ExitCode>;
}

export function command<const Of extends Options = Record<never, never>>(
  definition: Definition<Of>,
): Command {
  const { name, summary, example, operands = [], text } = definition;
  const options: Options = definition.options ?? {};
  return {
    name,
    summary,
    example,
    operands,
    options,
    text,
    parse: (args) => {
      const { values, positionals } = parsed(args, { ...options, ...commonOptions });
      if (values.help !== true) checkOperands(name, operands, positionals);
      return {
        common: values as CommonValues,
        // They were parsed by the very options from which this type is derived.
        run: (context) => definition.run(context, values as Values<Of>, positionals),
      };
    },
  };
}

function parsed(args: readonly string[], options: Options) {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true });
  } catch (error) {
    throw usageFault(error instanceof Error ? error.message : 'the arguments cannot be understood');
  }
}

function checkOperands(name: string, wanted: readonly string[], given: readonly string[]): void {
  const least = wanted.filter((operand) => !operand.startsWith('[')).length;
  const isOpen = wanted.at(-1)?.endsWith('...') === true;
  if (given.length < least || given.includes(''))
    throw usageFault(`${name} needs ${wanted.slice(given.length).join(' ')}`);
  if (!isOpen && given.length > wanted.length) throw usageFault(`${name} takes no ${given[wanted.length]}`);
}

/** The operand at a place that `checkOperands` has seen to be there. */
export function operand(operands: readonly string[], place: number): string {
  const found = operands[place];
  if (found === undefined) throw new TypeError(`there is no operand ${place}`);
  return found;
}
