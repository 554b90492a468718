import type { View } from '@countersign/client/call-api';
import { printable } from '@countersign/client/printable';
import { withBounds } from '@countersign/client/proposal-bounds';
import { detailOf, type ProposalDetail } from '@countersign/client/proposal-detail';
import { command, operand } from '../command/command.ts';
import { confirm, showFirst, yesOption } from '../command/confirming.ts';
import type { Context } from '../command/context.ts';
import { reasonOption, writeOptions } from '../command/writing.ts';
import { exitCodes } from '../exit-codes.ts';
import { CliFault, usageFault } from '../fault.ts';
import { openPlane, type Plane } from '../plane.ts';
import { proposalText } from '../proposals/proposal-text.ts';

const approve = command({
  name: 'proposals approve',
  summary: 'show a proposal, ask, approve exactly what was shown',
  text: `The approval carries the digest of the effect that was shown, so it counts for nothing else. Without a terminal
it needs --yes; with --effect it goes on only if the effect is still that one.`,
  operands: ['PROPOSAL'],
  options: {
    ...reasonOption,
    ...yesOption,
    effect: { type: 'string', value: 'DIGEST', help: 'the effect that you have looked at before' },
  },
  example: 'countersign proposals approve wrp_01J... --reason "goodwill, agreed"',
  run: async (context, { effect, reason, yes }, operands) => {
    const plane = await openPlane(context);
    const detail = await shown(context, plane, operand(operands, 0));
    const effectDigest = exactEffect(detail, effect);
    if (yes !== true) await confirm(context, 'approve', detail.proposal_id);
    const decision = { effect_digest: effectDigest, ...(reason === undefined ? {} : { reason }) };
    const answer = await plane.proposals.approve(detail.proposal_id, decision, writeOptions(context));
    context.answer(answer, `${outcome(answer, 'approved')}\n`);
    return exitCodes.ok;
  },
});

/** Reads a proposal and shows it. */
async function shown(context: Context, plane: Plane, id: string): Promise<ProposalDetail> {
  const { signal } = context.world;
  const found = detailOf(await plane.proposals.read(id, { signal }));
  const detail = await withBounds(() => plane.contracts(found.project_id ?? undefined), found, signal);
  showFirst(context, `${proposalText(detail, context.emphasize)}\n`);
  return detail;
}

/** The digest of what was shown. Throws `CliFault` where there is none, or it is not the one that was meant. */
function exactEffect({ effect_digest, proposal_id }: ProposalDetail, meant: string | undefined): string {
  if (effect_digest == null) {
    throw new CliFault('there is no exact change to approve yet', {
      code: exitCodes.conflict,
      next: `countersign proposals look ${proposal_id}`,
    });
  }
  if (meant !== undefined && meant !== effect_digest)
    throw new CliFault('the effect is not the one that you have looked at; nothing was decided', {
      code: exitCodes.conflict,
    });
  return effect_digest;
}

function outcome(answer: View, usual: string): string {
  return printable(typeof answer.status === 'string' ? answer.status : usual);
}

function ending(
  verb: 'reject' | 'cancel',
  summary: string,
  example: string,
  usual: string,
  needsReason: boolean,
) {
  return command({
    name: `proposals ${verb}`,
    summary,
    operands: ['PROPOSAL'],
    options: reasonOption,
    example,
    run: async (context, { reason }, operands) => {
      if (needsReason && reason === undefined) throw usageFault(`proposals ${verb} needs --reason`);
      const plane = await openPlane(context);
      const decision = reason === undefined ? {} : { reason };
      const answer = await plane.proposals[verb](operand(operands, 0), decision, writeOptions(context));
      context.answer(answer, `${outcome(answer, usual)}\n`);
      return exitCodes.ok;
    },
  });
}

const look = command({
  name: 'proposals look',
  summary: 'have a runner look at the row again',
  operands: ['PROPOSAL'],
  example: 'countersign proposals look wrp_01J...',
  run: async (context, _values, operands) => {
    const plane = await openPlane(context);
    const answer = await plane.review.look(operand(operands, 0), writeOptions(context));
    context.answer(answer, 'a fresh look is asked for; `proposals show` will have it\n');
    return exitCodes.ok;
  },
});

const sendBack = command({
  name: 'proposals send-back',
  summary: 'send it back to its proposer, with a question',
  operands: ['PROPOSAL', 'QUESTION'],
  example: 'countersign proposals send-back wrp_01J... "Which ticket is this for?"',
  run: async (context, _values, operands) => {
    const plane = await openPlane(context);
    const [id, question] = [operand(operands, 0), operand(operands, 1)];
    const answer = await plane.review.sendBack(id, question, writeOptions(context));
    context.answer(answer, `${outcome(answer, 'changes_requested')}\n`);
    return exitCodes.ok;
  },
});

export const decidingCommands = [
  approve,
  ending(
    'reject',
    'reject a proposal, with a reason',
    'countersign proposals reject wrp_01J... --reason "no such agreement"',
    'rejected',
    true,
  ),
  ending(
    'cancel',
    'withdraw a proposal that nothing has acted on',
    'countersign proposals cancel wrp_01J...',
    'canceled',
    false,
  ),
  look,
  sendBack,
];
