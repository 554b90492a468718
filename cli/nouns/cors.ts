import type { Origins } from '@countersign/client/cors-api';
import { printable } from '@countersign/client/printable';
import { command, operand } from '../command/command.ts';
import type { Context } from '../command/context.ts';
import { writeOptions } from '../command/writing.ts';
import { type ExitCode, exitCodes } from '../exit-codes.ts';
import { openPlane } from '../plane.ts';

const list = command({
  name: 'cors list',
  summary: 'the origins whose pages may read answers',
  example: 'countersign cors list',
  run: async (context) => {
    const plane = await openPlane(context);
    return answerOrigins(context, await plane.cors.list({ signal: context.world.signal }));
  },
});

const allow = command({
  name: 'cors allow',
  summary: 'let pages of an origin read answers',
  text: `The origin is exact: https and a host, or http and localhost, each with its port where it has one. No pattern is
one. A page sends its own token with each request; a cookie is never looked at.`,
  operands: ['ORIGIN'],
  example: 'countersign cors allow https://app.example.com',
  run: async (context, _values, operands) => {
    const plane = await openPlane(context);
    return answerOrigins(context, await plane.cors.allow(operand(operands, 0), writeOptions(context)));
  },
});

const deny = command({
  name: 'cors deny',
  summary: 'take an origin off the list, within ten seconds',
  operands: ['ORIGIN'],
  example: 'countersign cors deny https://app.example.com',
  run: async (context, _values, operands) => {
    const plane = await openPlane(context);
    return answerOrigins(context, await plane.cors.deny(operand(operands, 0), writeOptions(context)));
  },
});

function answerOrigins(context: Context, answer: Origins): ExitCode {
  const { origins } = answer;
  context.answer(
    answer,
    origins.length === 0 ? 'none\n' : origins.map((one) => `${printable(one)}\n`).join(''),
  );
  return exitCodes.ok;
}

export const corsCommands = [list, allow, deny];
