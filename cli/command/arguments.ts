import { exitCodes } from '../exit-codes.ts';
import { CliFault, usageFault } from '../fault.ts';
import { readJson } from '../files.ts';
import type { Options, Values } from './options.ts';

export const argumentOptions = {
  arg: {
    type: 'string',
    multiple: true,
    value: 'NAME=VALUE',
    help: 'one argument; NAME:=JSON for other than text',
  },
  args: { type: 'string', value: 'FILE', help: 'all arguments, as a JSON object' },
} as const satisfies Options;

/** The arguments of a capability or an action: those in a file, and those on the command line, which go before. */
export async function argumentsOf(values: Values<typeof argumentOptions>): Promise<Record<string, unknown>> {
  const { arg = [], args } = values;
  const given = args === undefined ? {} : await readJson(args);
  if (typeof given !== 'object' || given === null || Array.isArray(given))
    throw usageFault(`${args} does not hold a JSON object`);
  return { ...given, ...Object.fromEntries(arg.map(argumentOf)) };
}

function argumentOf(text: string): readonly [string, unknown] {
  const match = /^([^=:]+)(:?=)(.*)$/s.exec(text);
  if (match === null) throw usageFault('--arg must be NAME=TEXT or NAME:=JSON');
  const [, name = '', sign, value = ''] = match;
  if (sign === '=') return [name, value];
  try {
    return [name, JSON.parse(value)];
  } catch (cause) {
    throw new CliFault(`--arg ${name}:= must be followed by JSON`, { code: exitCodes.usage, cause });
  }
}
