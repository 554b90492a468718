import type { NewFreeze } from '@countersign/client/fleet-api';
import { printable } from '@countersign/client/printable';
import type { FreezeScope } from '@countersign/protocol/fleet-requests';
import { command, operand } from '../command/command.ts';
import { confirm, showFirst, yesOption } from '../command/confirming.ts';
import type { Context } from '../command/context.ts';
import { durationOf } from '../command/duration.ts';
import { timeOf } from '../command/listing.ts';
import { reasonOption, writeOptions } from '../command/writing.ts';
import { exitCodes } from '../exit-codes.ts';
import { CliFault, usageFault } from '../fault.ts';
import { freezeText, placedText } from '../fleet/freeze-text.ts';
import { openPlane } from '../plane.ts';

const SCOPES = ['source', 'contract', 'agent', 'runner'] as const;

const freeze = command({
  name: 'fleet freeze',
  summary: 'hold work back, of the project or of a part of it',
  text: `SCOPE is project, or source, contract, agent or runner with an ID. What is held back waits; nothing is lost.

  project   all work: changes, rehearsals, actions, tasks
  source    the changes and rehearsals of a source
  contract  changes and actions under a contract; not rehearsals and tasks
  agent     the same of what an agent proposed or intended
  runner    whatever that runner would be handed; others may be handed it

Proposals and decisions go on. It ends at its time, or with \`fleet lift\`. It asks nothing: holding back is the safe
direction.`,
  operands: ['SCOPE', '[ID]'],
  options: {
    ...reasonOption,
    for: { type: 'string', value: 'TIME', help: 'how long, such as 30m, 2h or 1d' },
    until: { type: 'string', value: 'TIME', help: 'until when, RFC 3339' },
  },
  example: 'countersign fleet freeze source src_billing --reason "a migration" --for 2h',
  run: async (context, values, operands) => {
    const scope = scopeOf(operand(operands, 0), operands[1]);
    const reason = needed(values.reason, 'fleet freeze');
    const until = untilOf(context, values);
    const plane = await openPlane(context);
    const wanted: NewFreeze = { scope, reason, ...(until === undefined ? {} : { until }) };
    const answer = await plane.fleet.freeze(wanted, writeOptions(context));
    context.answer(answer, placedText(answer));
    return exitCodes.ok;
  },
});

function scopeOf(kind: string, id: string | undefined): FreezeScope {
  if (kind === 'project') {
    if (id !== undefined) throw usageFault('fleet freeze project takes no ID: --project says which');
    return { kind };
  }
  const known = SCOPES.find((one) => one === kind);
  if (known === undefined) throw usageFault(`the scope is one of project, ${SCOPES.join(', ')}`);
  if (id === undefined) throw usageFault(`fleet freeze ${known} needs the ID of a ${known}`);
  return { kind: known, id };
}

function untilOf(
  { world }: Context,
  { for: time, until }: { readonly for: string | undefined; readonly until: string | undefined },
): string | undefined {
  if (time !== undefined && until !== undefined) throw usageFault('say --for or --until, not both');
  if (time !== undefined) return new Date(world.now() + durationOf(time, '--for')).toISOString();
  return until === undefined ? undefined : timeOf(until, '--until').toISOString();
}

function needed(reason: string | undefined, name: string): string {
  if (reason === undefined || reason === '') throw usageFault(`${name} needs --reason`);
  return reason;
}

const freezes = command({
  name: 'fleet freezes',
  summary: 'what holds work back: by whom, why, until when',
  example: 'countersign fleet freezes',
  run: async (context) => {
    const plane = await openPlane(context);
    const found = await plane.fleet.freezes({ signal: context.world.signal });
    const texts = found.freezes.map((one) => freezeText(one, context.emphasize));
    context.answer(found, texts.length === 0 ? 'nothing\n' : texts.join('\n'));
    return exitCodes.ok;
  },
});

const lift = command({
  name: 'fleet lift',
  summary: 'end a freeze, or the emergency stop',
  text: `Shows the freeze and asks, since what it held back is handed out at once: everything that was approved meanwhile too.
Without a terminal it needs --yes. Of several freezes the others stay.`,
  operands: ['FREEZE'],
  options: { ...reasonOption, ...yesOption },
  example: 'countersign fleet lift frz_01J... --reason "it was a test account"',
  run: async (context, { yes, ...values }, operands) => {
    const id = operand(operands, 0);
    const reason = needed(values.reason, 'fleet lift');
    const plane = await openPlane(context);
    const { freezes: known } = await plane.fleet.freezes({ signal: context.world.signal });
    const found = known.find(({ freeze_id }) => freeze_id === id);
    if (found === undefined) {
      throw new CliFault(`no freeze ${id} is in force`, {
        code: exitCodes.failed,
        next: 'countersign fleet freezes',
      });
    }
    showFirst(context, `${freezeText(found, context.emphasize)}\n`);
    if (yes !== true) await confirm(context, 'lift', id);
    const answer = await plane.fleet.lift(id, reason, writeOptions(context));
    context.answer(answer, `${printable(id)} is lifted\n`);
    return exitCodes.ok;
  },
});

const stop = command({
  name: 'fleet stop',
  summary: 'the emergency stop: of everything, or of one runner',
  text: `From this moment no work is handed out, and no authority to write is renewed: also for a runner that nobody can reach.
The answer says from when on no write begins. It asks nothing, and stays until \`fleet lift\`.

What has begun ends, and is reported. An action that a runner had taken before may still be sent. Proposals and decisions
go on: look at what was approved before you lift it.`,
  options: {
    ...reasonOption,
    instance: { type: 'string', value: 'RUNNER', help: 'only this runner' },
  },
  example: 'countersign fleet stop --reason "the refunds of this morning look wrong"',
  run: async (context, { instance, ...values }) => {
    const reason = needed(values.reason, 'fleet stop');
    const plane = await openPlane(context);
    const answer = await plane.fleet.stop(reason, instance, writeOptions(context));
    context.answer(answer, placedText(answer));
    return exitCodes.ok;
  },
});

export const fleetFreezingCommands = [freeze, freezes, lift, stop];
