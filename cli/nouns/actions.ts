import { type ActionDetail, actionDetailOf } from '@countersign/client/action-detail';
import type { View } from '@countersign/client/call-api';
import { printable } from '@countersign/client/printable';
import { actionText } from '../actions/action-text.ts';
import { argumentOptions, argumentsOf } from '../command/arguments.ts';
import { command, operand } from '../command/command.ts';
import { confirm, showFirst, yesOption } from '../command/confirming.ts';
import type { Context } from '../command/context.ts';
import { answerList, column, pageOf, pageOptions, timeColumn, wholeNumber } from '../command/listing.ts';
import { reasonOption, writeOptions } from '../command/writing.ts';
import { exitCodes } from '../exit-codes.ts';
import { CliFault, usageFault } from '../fault.ts';
import { openPlane, type Plane } from '../plane.ts';

const list = command({
  name: 'actions list',
  summary: 'effects outside of a database, newest first',
  options: {
    state: { type: 'string', value: 'STATE', help: 'such as proposed, unknown, dead_letter' },
    ...pageOptions,
  },
  example: 'countersign actions list --state proposed',
  run: async (context, values) => {
    const plane = await openPlane(context);
    const filter = { state: values.state, ...pageOf(values) };
    const found = await plane.actions.list(filter, { signal: context.world.signal });
    return answerList<View>(context, found, found.actions, [
      column('ACTION', 'action_id', true),
      column('STATUS', 'status'),
      column('NAME', 'action'),
      column('TARGET', 'target'),
      timeColumn('CREATED', 'created_at'),
    ]);
  },
});

const show = command({
  name: 'actions show',
  summary: 'what it would send, why it waits, what came of it',
  operands: ['ACTION'],
  example: 'countersign actions show act_01J...',
  run: async (context, _values, operands) => {
    const plane = await openPlane(context);
    const view = await plane.actions.read(operand(operands, 0), { signal: context.world.signal });
    context.answer(view, actionText(actionDetailOf(view), context.emphasize));
    return exitCodes.ok;
  },
});

const request = command({
  name: 'actions request',
  summary: 'intend an action of a contract, as an agent',
  text: `--arg gives a text; --arg k:=v gives what v is as JSON, such as a number. Whom it is for comes from the
credential, never from arguments. With --after it waits until that proposal is applied.`,
  operands: ['NAME'],
  options: {
    ...argumentOptions,
    reason: { type: 'string', value: 'TEXT', help: 'why; shown to whoever decides' },
    after: { type: 'string', value: 'PROPOSAL', help: 'the proposal that must be applied first' },
  },
  example: 'countersign actions request refunds.issue --arg payment=pi_1 --arg cents:=500',
  run: async (context, values, operands) => {
    const { after, reason } = values;
    const args = await argumentsOf(values);
    const plane = await openPlane(context);
    const answer = await plane.actions.request(
      {
        action: operand(operands, 0),
        args,
        ...(reason === undefined ? {} : { reason }),
        ...(after === undefined ? {} : { after: { proposal_id: after, state: 'applied' } }),
      },
      writeOptions(context),
    );
    context.answer(answer, `${printable(answer.action_id)}  ${printable(answer.status)}\n`);
    return exitCodes.ok;
  },
});

const approve = command({
  name: 'actions approve',
  summary: 'show an action, ask, let go exactly what was shown',
  text: `The approval carries the digest of the effect that was shown, so it counts for nothing else. Without a terminal
it needs --yes.`,
  operands: ['ACTION'],
  options: { note: { type: 'string', value: 'TEXT', help: 'it stands in the ledger' }, ...yesOption },
  example: 'countersign actions approve act_01J... --note "agreed with the customer"',
  run: async (context, { note, yes }, operands) => {
    const plane = await openPlane(context);
    const detail = await shown(context, plane, operand(operands, 0));
    const { action_id, effect_digest } = detail;
    if (effect_digest == null) {
      throw new CliFault('you may not see what this would send, so you cannot approve it', {
        code: exitCodes.refused,
      });
    }
    if (yes !== true) await confirm(context, 'approve', action_id);
    const answer = await plane.actions.approve(action_id, effect_digest, note, writeOptions(context));
    context.answer(answer, `${printable(String(answer.status ?? 'approved'))}\n`);
    return exitCodes.ok;
  },
});

async function shown(context: Context, plane: Plane, id: string): Promise<ActionDetail> {
  const detail = actionDetailOf(await plane.actions.read(id, { signal: context.world.signal }));
  showFirst(context, `${actionText(detail, context.emphasize)}\n`);
  return detail;
}

function ending(verb: 'reject' | 'cancel', summary: string, usual: string) {
  return command({
    name: `actions ${verb}`,
    summary,
    operands: ['ACTION'],
    options: reasonOption,
    example: `countersign actions ${verb} act_01J... --reason "not agreed"`,
    run: async (context, { reason }, operands) => {
      const plane = await openPlane(context);
      const answer = await plane.actions[verb](operand(operands, 0), reason, writeOptions(context));
      context.answer(answer, `${usual}\n`);
      return exitCodes.ok;
    },
  });
}

const OUTCOMES = ['succeeded', 'failed', 'retry'];

const settle = command({
  name: 'actions settle',
  summary: 'say what became of one of which nobody could tell',
  text: `For an action that is unknown, or a dead letter. succeeded: it has happened. failed: it has not, and never will.
retry: it has not, and is tried again under the same key. Look at the provider first.`,
  operands: ['ACTION', 'OUTCOME'],
  options: reasonOption,
  example: 'countersign actions settle act_01J... succeeded --reason "stands in the mail log"',
  run: async (context, { reason }, operands) => {
    const outcome = operand(operands, 1);
    if (!OUTCOMES.includes(outcome)) throw usageFault(`the outcome is one of ${OUTCOMES.join(', ')}`);
    if (reason === undefined) throw usageFault('actions settle needs --reason');
    const plane = await openPlane(context);
    const answer = await plane.actions.settle(operand(operands, 0), outcome, reason, writeOptions(context));
    context.answer(answer, `${printable(String(answer.status ?? outcome))}\n`);
    return exitCodes.ok;
  },
});

const targets = command({
  name: 'actions targets',
  summary: 'accounts in trouble, and their dead letters',
  example: 'countersign actions targets',
  run: async (context) => {
    const plane = await openPlane(context);
    const found = await plane.actions.targets({ signal: context.world.signal });
    return answerList<View>(context, found, found.targets, [
      column('TARGET', 'target', true),
      column('BREAKER', 'state'),
      column('DEAD', 'dead_letters'),
      timeColumn('UNTIL', 'until'),
    ]);
  },
});

const MOST_EXPECTED = 1_000_000;
const MOST_PER_MINUTE = 600;

const recover = command({
  name: 'actions recover',
  summary: 'try the dead letters of a target again, not too fast',
  text: '--expect is how many `actions targets` counted; another number by now is refused, and nothing is done.',
  operands: ['TARGET'],
  options: {
    expect: { type: 'string', value: 'COUNT', help: 'how many there are' },
    'per-minute': { type: 'string', value: 'COUNT', help: 'usual: 10' },
    ...reasonOption,
  },
  example: 'countersign actions recover payments --expect 12 --reason "they are back"',
  run: async (context, { expect, 'per-minute': perMinute, reason }, operands) => {
    if (expect === undefined || reason === undefined) {
      throw usageFault('actions recover needs --expect and --reason');
    }
    const plane = await openPlane(context);
    const recovery = {
      target: operand(operands, 0),
      expected: wholeNumber(expect, '--expect', 1, MOST_EXPECTED),
      reason,
      ...(perMinute === undefined
        ? {}
        : { per_minute: wholeNumber(perMinute, '--per-minute', 1, MOST_PER_MINUTE) }),
    };
    const answer = await plane.actions.recover(recovery, writeOptions(context));
    const { last_at, left, recovered } = answer;
    context.answer(
      answer,
      `${String(recovered)} are tried again, the last at ${printable(String(last_at))}; ${String(left)} are left\n`,
    );
    return exitCodes.ok;
  },
});

export const actionCommands = [
  list,
  show,
  request,
  approve,
  ending('reject', 'do not let an action go', 'rejected'),
  ending('cancel', 'take back an action that nobody has begun', 'canceled'),
  settle,
  targets,
  recover,
];
