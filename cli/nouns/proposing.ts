import type { View } from '@countersign/client/call-api';
import { command, operand } from '../command/command.ts';
import { answerList, column, wholeNumber } from '../command/listing.ts';
import type { Options, Values } from '../command/options.ts';
import { writeOptions } from '../command/writing.ts';
import { exitCodes } from '../exit-codes.ts';
import { CliFault, usageFault } from '../fault.ts';
import { readJson } from '../files.ts';
import { membersOf } from '../members-of.ts';
import { printable } from '../output/printable.ts';
import { openPlane } from '../plane.ts';

const argumentOptions = {
  arg: {
    type: 'string',
    multiple: true,
    value: 'NAME=VALUE',
    help: 'one argument; NAME:=JSON for other than text',
  },
  args: { type: 'string', value: 'FILE', help: 'all arguments, as a JSON object' },
} as const satisfies Options;

const propose = command({
  name: 'proposals propose',
  summary: 'propose a change by a capability and its arguments',
  text: `--arg gives a text; --arg k:=v gives what v is as JSON, such as a number. The tenant and the principal come
from the credential, never from arguments.`,
  operands: ['CAPABILITY'],
  options: {
    ...argumentOptions,
    reason: { type: 'string', value: 'TEXT', help: 'why; shown to whoever decides' },
    'expires-in': { type: 'string', value: 'SECONDS', help: 'until when it must be decided' },
  },
  example:
    'countersign proposals propose billing.waive_late_fee --arg invoice_id=INV-7 --arg late_fee_cents:=0',
  run: async (context, values, operands) => {
    const { 'expires-in': expiresIn, reason } = values;
    const args = await argumentsOf(values);
    const plane = await openPlane(context);
    const answer = await plane.review.request(
      {
        capability: operand(operands, 0),
        args,
        ...(reason === undefined ? {} : { reason }),
        ...(expiresIn === undefined
          ? {}
          : { expires_in_seconds: wholeNumber(expiresIn, '--expires-in', 10, 90 * 86_400) }),
      },
      writeOptions(context),
    );
    context.answer(answer, `${printable(answer.proposal_id)}  ${printable(answer.status)}\n`);
    return exitCodes.ok;
  },
});

/** The arguments of a capability: those in a file, and those on the command line, which go before. */
async function argumentsOf(values: Values<typeof argumentOptions>): Promise<Record<string, unknown>> {
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

const capabilities = command({
  name: 'proposals capabilities',
  summary: 'what this credential may propose',
  example: 'countersign proposals capabilities --json',
  run: async (context) => {
    const plane = await openPlane(context);
    const found = await plane.review.capabilities({ signal: context.world.signal });
    return answerList<View>(context, found, found.capabilities, [
      column('CAPABILITY', 'name', true),
      column('WHAT', 'description'),
      { title: 'ARGUMENTS', of: (row) => Object.keys(membersOf(row.args)) },
    ]);
  },
});

const revise = command({
  name: 'proposals revise',
  summary: 'answer a question about your proposal, or change it',
  text: 'Other arguments make a new version, which has to be approved anew.',
  operands: ['PROPOSAL'],
  options: { ...argumentOptions, answer: { type: 'string', value: 'TEXT', help: 'to the question' } },
  example: 'countersign proposals revise wrp_01J... --answer "It is for ticket 42"',
  run: async (context, values, operands) => {
    const { answer, arg, args } = values;
    const isChanged = arg !== undefined || args !== undefined;
    if (answer === undefined && !isChanged)
      throw usageFault('proposals revise needs --answer, --arg or --args');
    const revision = {
      ...(isChanged ? { args: await argumentsOf(values) } : {}),
      ...(answer === undefined ? {} : { answer }),
    };
    const plane = await openPlane(context);
    const revised = await plane.review.revise(operand(operands, 0), revision, writeOptions(context));
    context.answer(
      revised,
      `${typeof revised.status === 'string' ? printable(revised.status) : 'revised'}\n`,
    );
    return exitCodes.ok;
  },
});

export const proposingCommands = [propose, revise, capabilities];
