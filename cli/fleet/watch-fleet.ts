import { ApiError } from '@countersign/client/api-error';
import { printable, printableJsonLine } from '@countersign/client/printable';
import type { Context } from '../command/context.ts';
import { durationText } from '../command/duration.ts';
import { explainFault } from '../command/explain-fault.ts';
import { type ExitCode, exitCodes } from '../exit-codes.ts';
import { redraw } from '../output/redraw.ts';
import type { Plane } from '../plane.ts';
import { type Fleet, readFleet } from './fleet.ts';
import { fleetLine, fleetText } from './fleet-text.ts';

interface Seen {
  readonly fleet: Fleet;
  /** Unix milliseconds. */
  readonly at: number;
}

const LOOK_EVERY_MS = 3_000;

/** Looks again and again until somebody has seen enough, which is no failure. What may pass is told, and looked past. */
export async function watchFleet(context: Context, plane: Plane): Promise<ExitCode> {
  const { pause, signal } = context.world;
  let seen: Seen | undefined;
  try {
    for (;;) {
      let fault: string | undefined;
      try {
        seen = { fleet: await readFleet(plane, signal), at: context.world.now() };
      } catch (error) {
        fault = faultOf(error);
      }
      show(context, plane, seen, fault);
      await pause(LOOK_EVERY_MS);
    }
  } catch (error) {
    if (signal.aborted) return exitCodes.ok;
    throw error;
  }
}

/** Throws again what does not pass by itself. */
function faultOf(error: unknown): string {
  if (error instanceof ApiError && error.retryable) return explainFault(error).text;
  throw error;
}

const NOT_SEEN = 'NOT SEEN NOW';

/** Why there is nothing new, and how old what was seen before is. */
function notSeen(fault: string, seen: Seen | undefined, now: number): string {
  const age = seen === undefined ? 'nothing was seen yet' : `seen ${durationText(now - seen.at)} ago`;
  return `${age}; ${fault}`;
}

/** Where the last look failed, what was seen before it stays there, and it is said that it may not be so any more. */
function show(context: Context, plane: Plane, seen: Seen | undefined, fault: string | undefined): void {
  const { isTerminal, now, print, screenHeight } = context.world;
  const at = new Date(now()).toISOString();
  if (context.isJson) {
    if (fault === undefined) print(printableJsonLine({ at, ...seen?.fleet }));
    else context.say(fault);
    return;
  }
  if (!isTerminal) {
    if (fault !== undefined) context.say(`${at} ${notSeen(fault, seen, now())}`);
    else if (seen !== undefined) print(`${at} ${fleetLine(seen.fleet)}\n`);
    return;
  }
  const text = [
    `${printable(plane.url)}  ${at.slice(0, 19)}Z\n\n`,
    ...(fault === undefined ? [] : [`${context.emphasize(NOT_SEEN)}: ${notSeen(fault, seen, now())}\n`]),
    ...(seen === undefined ? [] : [fleetText(seen.fleet, now(), context.emphasize)]),
  ];
  print(redraw(text.join(''), screenHeight()));
}
