import type { View } from '@countersign/client/call-api';
import { printable } from '@countersign/client/printable';
import { type RunState, runStates } from '@countersign/protocol/run/run-requests';
import { command, operand } from '../command/command.ts';
import { answerList, column, pageOf, pageOptions, timeColumn } from '../command/listing.ts';
import { exitCodes } from '../exit-codes.ts';
import { usageFault } from '../fault.ts';
import { openPlane } from '../plane.ts';
import { changesSince, endLine } from '../runs/run-changes.ts';
import { type RunDetail, runDetailOf } from '../runs/run-detail.ts';
import { runText } from '../runs/run-text.ts';
import { runDrivingCommands } from './runs-driving.ts';

const list = command({
  name: 'runs list',
  summary: 'what agents and workers are at, newest first',
  options: {
    state: { type: 'string', value: 'STATE', help: `only: ${runStates.join(', ')}` },
    ...pageOptions,
  },
  example: 'countersign runs list --state open',
  run: async (context, { state, ...page }) => {
    const filter = { state: stateOf(state), ...pageOf(page) };
    const plane = await openPlane(context);
    const found = await plane.runs.list(filter, { signal: context.world.signal });
    return answerList<View>(context, found, found.runs, [
      column('RUN', 'run_id', true),
      column('STATUS', 'status'),
      column('COMMAND', 'command'),
      column('STEPS', 'steps_total'),
      column('OPEN', 'steps_open'),
      timeColumn('BEGUN', 'created_at'),
    ]);
  },
});

function stateOf(text: string | undefined): RunState | undefined {
  if (text === undefined) return undefined;
  const state = runStates.find((one) => one === text);
  if (state === undefined) throw usageFault(`--state must be one of ${runStates.join(', ')}`);
  return state;
}

const show = command({
  name: 'runs show',
  summary: 'what was asked for, its steps, what each waits for',
  operands: ['RUN'],
  example: 'countersign runs show run_01J...',
  run: async (context, _values, operands) => {
    const plane = await openPlane(context);
    const view = await plane.runs.read(operand(operands, 0), { signal: context.world.signal });
    context.answer(view, runText(runDetailOf(view), context.emphasize));
    return exitCodes.ok;
  },
});

/** The control plane holds an answer for so long at most. */
const HELD_SECONDS = 25;

const watch = command({
  name: 'runs watch',
  summary: 'follow a run until it has ended',
  text: `First every step as it stands, then a line for each that changes; what happens to a step between two looks is one
line. With --json these lines go to stderr, and stdout gets the run as it ended.

Exit code 0 when the run succeeded, 1 when it ended otherwise. Who stops watching stops nothing else.`,
  operands: ['RUN'],
  example: 'countersign runs watch run_01J...',
  run: async (context, _values, operands) => {
    const id = operand(operands, 0);
    const plane = await openPlane(context);
    const { print, signal } = context.world;
    const tell = (text: string) => (context.isJson ? context.say(text) : print(text));
    let seen: RunDetail | undefined;
    for (;;) {
      const wait =
        seen === undefined ? {} : { waitSeconds: HELD_SECONDS, after: seen.ledger_seq ?? undefined };
      const view = await plane.runs.read(id, { ...wait, signal });
      const detail = runDetailOf(view);
      tell(changesSince(seen, detail));
      if (detail.status !== 'open') {
        context.answer(view, endLine(detail));
        return detail.status === 'succeeded' ? exitCodes.ok : exitCodes.failed;
      }
      seen = detail;
    }
  },
});

const explain = command({
  name: 'runs explain',
  summary: 'what happened and why, with the entries behind it',
  text: 'A number in brackets is the sequence of an entry of the ledger.',
  operands: ['RUN'],
  example: 'countersign runs explain run_01J...',
  run: async (context, _values, operands) => {
    const plane = await openPlane(context);
    const answer = await plane.runs.explain(operand(operands, 0), { signal: context.world.signal });
    const lines = answer.text.trimEnd().split('\n');
    context.answer(answer, lines.map((line) => `${printable(line)}\n`).join(''));
    return exitCodes.ok;
  },
});

export const runCommands = [list, show, watch, explain, ...runDrivingCommands];
