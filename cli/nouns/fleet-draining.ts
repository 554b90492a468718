import type { RunnerView } from '@countersign/client/fleet-api';
import { printable } from '@countersign/client/printable';
import { command, operand } from '../command/command.ts';
import type { Context } from '../command/context.ts';
import { wholeNumber } from '../command/listing.ts';
import { reasonOption, writeOptions } from '../command/writing.ts';
import { type ExitCode, exitCodes } from '../exit-codes.ts';
import { usageFault } from '../fault.ts';
import { heldText } from '../fleet/runner-text.ts';
import { openPlane, type Plane } from '../plane.ts';

const LONGEST_WAIT_SECONDS = 86_400;
const LOOK_EVERY_MS = 1_000;

const drain = command({
  name: 'fleet drain',
  summary: 'take a runner out of service; --undo puts it back',
  text: `It finishes what it holds and is handed nothing more. Its own word does not put it back into service: --undo does, and a
start of its process. With --wait this goes on until it holds nothing, and says what it holds meanwhile; with --json that
goes to stderr, and stdout gets the runner as it was seen last.

Exit code 1 when it still held something after --timeout, or somebody put it back into service.`,
  operands: ['RUNNER'],
  options: {
    ...reasonOption,
    undo: { type: 'boolean', help: 'put it back into service' },
    wait: { type: 'boolean', help: 'until it is safe to stop' },
    timeout: { type: 'string', value: 'SECONDS', help: 'of --wait; usual: 300' },
  },
  example: 'countersign fleet drain billing-1 --reason "a new kernel" --wait',
  run: async (context, { reason, timeout, undo = false, wait = false }, operands) => {
    if (undo && wait) throw usageFault('--undo has nothing to --wait for');
    if (timeout !== undefined && !wait) throw usageFault('--timeout is of --wait');
    const seconds = wholeNumber(timeout ?? '300', '--timeout', 0, LONGEST_WAIT_SECONDS);
    const id = operand(operands, 0);
    const plane = await openPlane(context);
    const answer = await plane.fleet.drain(id, { reason, undo }, writeOptions(context));
    if (wait) return untilSafe(context, plane, id, seconds);
    const how = undo ? 'is back in service' : 'is out of service: it is handed nothing more';
    context.answer(answer, `${printable(id)} ${how}\n`);
    return exitCodes.ok;
  },
});

async function untilSafe(context: Context, plane: Plane, id: string, seconds: number): Promise<ExitCode> {
  const { now, pause, print, signal } = context.world;
  const tell = (text: string) => (context.isJson ? context.say(text) : print(text));
  const endsAt = now() + seconds * 1_000;
  let told: string | undefined;
  for (;;) {
    const answer = await plane.fleet.runner(id, { signal });
    const line = `${printable(id)} holds ${heldText(answer.runner)}\n`;
    if (line !== told) tell(line);
    told = line;
    const end = endOf(answer.runner, now() >= endsAt, seconds);
    if (end !== undefined) {
      context.answer(answer, `${printable(id)} ${end.how}\n`);
      return end.code;
    }
    await pause(LOOK_EVERY_MS);
  }
}

/** Undefined while it is worth waiting. */
function endOf(
  { safe_to_stop, status }: RunnerView,
  isOver: boolean,
  seconds: number,
): { readonly how: string; readonly code: ExitCode } | undefined {
  if (safe_to_stop === true) return { how: 'is safe to stop', code: exitCodes.ok };
  if (status === 'online' || status === 'stale')
    return { how: 'was put back into service meanwhile', code: exitCodes.failed };
  return isOver ? { how: `is not safe to stop after ${seconds} s`, code: exitCodes.failed } : undefined;
}

const archive = command({
  name: 'fleet archive',
  summary: 'take a runner off the list that is gone for good',
  text: `It is handed nothing more, and is not among those that are expected. A start of its process brings it back; its name
stays in the record.`,
  operands: ['RUNNER'],
  options: reasonOption,
  example: 'countersign fleet archive billing-old --reason "the machine was sold"',
  run: async (context, { reason }, operands) => {
    const id = operand(operands, 0);
    const plane = await openPlane(context);
    const answer = await plane.fleet.archive(id, reason, writeOptions(context));
    context.answer(answer, `${printable(id)} is archived\n`);
    return exitCodes.ok;
  },
});

export const fleetDrainingCommands = [drain, archive];
