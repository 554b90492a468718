import type { LiveState } from '@countersign/client/live';
import type { LiveFrom } from '@countersign/client/live-connection';
import { printable, printableJsonLine } from '@countersign/client/printable';
import type { LiveEntry, LiveHead } from '@countersign/protocol/live-messages';
import type { Context } from '../command/context.ts';
import { durationText } from '../command/duration.ts';
import { type ExitCode, exitCodes } from '../exit-codes.ts';
import type { Plane } from '../plane.ts';

/**
 * Prints what is recorded as it comes, until somebody has seen enough, which is no failure. What is no entry is said
 * beside the answer.
 */
export async function watchProject(
  context: Context,
  plane: Plane,
  from: LiveFrom | undefined,
): Promise<ExitCode> {
  const { now, print, signal } = context.world;
  const line = context.isJson ? printableJsonLine : textOf;
  let isFirst = true;
  await plane.watch({
    from,
    signal,
    listener: {
      state: (state) => {
        const said = stateText(state, now());
        if (said !== undefined) context.say(`${said}\n`);
      },
      reset: (head) => {
        if (!isFirst) context.say(missedText(head));
        isFirst = false;
        if (context.isJson) print(printableJsonLine({ reset: head }));
      },
      changed: ({ entries }) => {
        isFirst = false;
        for (const entry of entries) print(line(entry));
      },
    },
  });
  return exitCodes.ok;
}

function stateText(state: LiveState, now: number): string | undefined {
  switch (state.kind) {
    case 'connecting':
      return undefined;
    case 'live':
      return 'live';
    case 'disconnected': {
      const { code, nextTryAt, since } = state;
      const next = nextTryAt === null ? 'not tried again' : `tried again in ${durationText(nextTryAt - now)}`;
      return `DISCONNECTED for ${durationText(now - since)} (${printable(code)}), ${next}`;
    }
  }
}

function missedText({ seq }: LiveHead): string {
  return `more was recorded meanwhile than is told again: it goes on after entry ${seq}; \`ledger export\` has the rest\n`;
}

/** One that may not be seen has a number and a time. */
function textOf({ at, seq, kind = '(not shown to you)', runner_id, ...about }: LiveEntry): string {
  const { proposal_id, action_id, run_id, subject } = about;
  const what = proposal_id ?? action_id ?? run_id ?? subject;
  const words = [at.slice(0, 19).replace('T', ' '), String(seq), kind, what, runner_id];
  return `${words
    .filter((word) => word !== undefined)
    .map(printable)
    .join('  ')}\n`;
}
