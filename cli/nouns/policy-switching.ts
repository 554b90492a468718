import { printable } from '@countersign/client/printable';
import { command, operand } from '../command/command.ts';
import { confirm, showFirst, yesOption } from '../command/confirming.ts';
import type { Context } from '../command/context.ts';
import { reasonOption, writeOptions } from '../command/writing.ts';
import { exitCodes } from '../exit-codes.ts';
import { openPlane, type Plane } from '../plane.ts';
import { policyDetailOf } from '../policies/policy-detail.ts';
import { policyText } from '../policies/policy-text.ts';

const activate = command({
  name: 'policies activate',
  summary: 'show a draft, ask, put just what was shown in force',
  text: `It carries the digest of the draft that was shown, so a newer one is not put in force. Without a terminal it
needs --yes; with --digest it shows nothing, and goes on only if the draft is still that one.`,
  operands: ['NAME'],
  options: {
    ...reasonOption,
    ...yesOption,
    digest: { type: 'string', value: 'DIGEST', help: 'the draft that you have looked at before' },
  },
  example: 'countersign policies activate small-waivers --reason "agreed on Monday"',
  run: async (context, { digest, reason, yes }, operands) => {
    const name = operand(operands, 0);
    const plane = await openPlane(context);
    const agreed = digest ?? (await agreedDigest(context, plane, name, yes === true));
    const answer = await plane.policies.activate(name, agreed, reason, writeOptions(context));
    context.answer(answer, `${printable(name)} is in force\n`);
    return exitCodes.ok;
  },
});

/** Shows the newest draft and has somebody agree to it; gives its digest. */
async function agreedDigest(context: Context, plane: Plane, name: string, isAgreed: boolean) {
  const view = await plane.policies.read(name, { signal: context.world.signal });
  const detail = policyDetailOf(view, name);
  showFirst(context, `${policyText(detail, context.emphasize)}\n`);
  if (!isAgreed) await confirm(context, 'activate', name);
  return detail.digest;
}

const retire = command({
  name: 'policies retire',
  summary: 'take a policy out of force',
  operands: ['NAME'],
  options: reasonOption,
  example: 'countersign policies retire small-waivers --reason "agreed on Monday"',
  run: async (context, { reason }, operands) => {
    const name = operand(operands, 0);
    const plane = await openPlane(context);
    const answer = await plane.policies.retire(name, reason, writeOptions(context));
    context.answer(answer, `${printable(name)} is out of force\n`);
    return exitCodes.ok;
  },
});

export const policySwitchingCommands = [activate, retire];
