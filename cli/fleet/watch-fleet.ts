import { ApiError } from '@countersign/client/api-error';
import type { Context } from '../command/context.ts';
import { explainFault } from '../command/explain-fault.ts';
import { type ExitCode, exitCodes } from '../exit-codes.ts';
import { printable, printableJsonLine } from '../output/printable.ts';
import { redraw } from '../output/redraw.ts';
import type { Plane } from '../plane.ts';
import { type Fleet, readFleet } from './fleet.ts';
import { fleetText } from './fleet-text.ts';

const LOOK_EVERY_MS = 3_000;

/** Looks again and again until somebody has seen enough, which is no failure. What may pass is told, and looked past. */
export async function watchFleet(context: Context, plane: Plane): Promise<ExitCode> {
  const { pause, signal } = context.world;
  let seen: Fleet | undefined;
  try {
    for (;;) {
      let fault: string | undefined;
      try {
        seen = await readFleet(plane, signal);
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

/** Where the last look failed, what was seen before it stays there, and it is said that it may not be so any more. */
function show(context: Context, plane: Plane, seen: Fleet | undefined, fault: string | undefined): void {
  const { now, print, screenHeight } = context.world;
  const at = new Date(now()).toISOString();
  if (context.isJson) {
    if (fault === undefined) print(printableJsonLine({ at, ...seen }));
    else context.say(fault);
    return;
  }
  const text = [
    `${printable(plane.url)}  ${at.slice(0, 19)}Z\n\n`,
    ...(fault === undefined ? [] : [`${context.emphasize('NOT SEEN NOW')}: ${fault}\n`]),
    ...(seen === undefined ? [] : [fleetText(seen, now(), context.emphasize)]),
  ];
  print(redraw(text.join(''), screenHeight()));
}
