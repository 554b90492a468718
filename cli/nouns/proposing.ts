import type { View } from '@countersign/client/call-api';
import { printable } from '@countersign/client/printable';
import { argumentOptions, argumentsOf } from '../command/arguments.ts';
import { command, operand } from '../command/command.ts';
import { answerList, column, wholeNumber } from '../command/listing.ts';
import { writeOptions } from '../command/writing.ts';
import { exitCodes } from '../exit-codes.ts';
import { usageFault } from '../fault.ts';
import { membersOf } from '../members-of.ts';
import { openPlane } from '../plane.ts';

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
