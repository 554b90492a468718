import { printable } from '@countersign/client/printable';
import { command, operand } from '../command/command.ts';
import { answerList, pageOf, pageOptions } from '../command/listing.ts';
import { exitCodes } from '../exit-codes.ts';
import { readFleet } from '../fleet/fleet.ts';
import { fleetText } from '../fleet/fleet-text.ts';
import { historyText } from '../fleet/history-text.ts';
import { runnerColumns, runnerText } from '../fleet/runner-text.ts';
import { watchFleet } from '../fleet/watch-fleet.ts';
import { openPlane } from '../plane.ts';
import { fleetDrainingCommands } from './fleet-draining.ts';
import { fleetFreezingCommands } from './fleet-freezing.ts';
import { fleetLocalCommands } from './fleet-local.ts';

const status = command({
  name: 'fleet status',
  summary: 'what holds work back, and the runners, on a screen',
  text: `Freezes and stops first, then the runners: for how long each is up, how much it holds, when it was last heard of
(now, where it waits for work), and the digest of the registry that it works with. Archived runners are only counted.

With --live the screen is drawn again every three seconds until Ctrl-C. Where no terminal is, each look is a line, and with
--json a line of JSON. While the control plane is away it goes on, and says how old is what it shows.`,
  options: { live: { type: 'boolean', help: 'look again and again, until Ctrl-C' } },
  example: 'countersign fleet status --live',
  run: async (context, { live }) => {
    const { now, signal } = context.world;
    const plane = await openPlane(context);
    if (live === true) return watchFleet(context, plane);
    const fleet = await readFleet(plane, signal);
    context.answer(fleet, fleetText(fleet, now(), context.emphasize));
    return exitCodes.ok;
  },
});

const runners = command({
  name: 'fleet runners',
  summary: 'every runner, also the archived ones',
  options: pageOptions,
  example: 'countersign fleet runners',
  run: async (context, values) => {
    const plane = await openPlane(context);
    const found = await plane.fleet.runners(pageOf(values), { signal: context.world.signal });
    return answerList(context, found, found.runners, runnerColumns(context.world.now()));
  },
});

const show = command({
  name: 'fleet show',
  summary: 'one runner, what it holds, and if it may be stopped',
  text: 'A runner is safe to stop when it is out of service (`fleet drain`) and holds nothing that has not ended.',
  operands: ['RUNNER'],
  example: 'countersign fleet show billing-1',
  run: async (context, _values, operands) => {
    const plane = await openPlane(context);
    const answer = await plane.fleet.runner(operand(operands, 0), { signal: context.world.signal });
    context.answer(answer, runnerText(answer.runner, context.world.now(), context.emphasize));
    return exitCodes.ok;
  },
});

const history = command({
  name: 'fleet history',
  summary: 'how work went lately, in numbers',
  text: `The end of the ledger, cut into pieces of the same length: how many changes were applied, met a conflict or failed, the
longest that one waited for a runner and for a decision, and how many leases lapsed. With --json also the medians.`,
  example: 'countersign fleet history',
  run: async (context) => {
    const plane = await openPlane(context);
    const answer = await plane.fleet.history({ signal: context.world.signal });
    context.answer(answer, historyText(answer, context.emphasize));
    return exitCodes.ok;
  },
});

const ping = command({
  name: 'fleet ping',
  summary: 'how long the way to a runner and back takes',
  text: `The poll that it holds is answered with nothing, and its next one is waited for: ten seconds at most. One that holds no
poll is not running, or cut off, or at work with all that it can do at once; \`fleet show\` tells what it holds.

Exit code 1 when it did not answer.`,
  operands: ['RUNNER'],
  example: 'countersign fleet ping billing-1',
  run: async (context, _values, operands) => {
    const id = operand(operands, 0);
    const plane = await openPlane(context);
    const answer = await plane.fleet.ping(id, { signal: context.world.signal });
    const { is_polling, round_trip_ms } = answer;
    const how = is_polling ? 'did not come back within 10 s' : 'holds no poll, so it cannot be asked';
    context.answer(
      answer,
      `${printable(id)} ${round_trip_ms === null ? how : `answered in ${round_trip_ms} ms`}\n`,
    );
    return round_trip_ms === null ? exitCodes.failed : exitCodes.ok;
  },
});

export const fleetCommands = [
  status,
  runners,
  show,
  ping,
  history,
  ...fleetDrainingCommands,
  ...fleetFreezingCommands,
  ...fleetLocalCommands,
];
