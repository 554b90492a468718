import { command } from '../command/command.ts';
import { wholeNumber } from '../command/listing.ts';
import { watchProject } from '../live/watch-project.ts';
import { openPlane } from '../plane.ts';

const MOST_ENTRIES = 999_999_999;

const live = command({
  name: 'live',
  summary: 'what is recorded, a line each, as it is',
  text: `That something was recorded and what it is about, not its content: \`proposals show\` and the like have that. What
you may not see has its number and its time only. It goes on until Ctrl-C. Where the connection breaks it says so, comes
back by itself, and misses nothing.

With --json each entry is a line of JSON on stdout. {"reset":{...}} is where it begins, and where so much was recorded
meanwhile, more than a thousand entries, that it is not told again.`,
  options: { after: { type: 'string', value: 'NUMBER', help: 'the last entry that you know' } },
  example: 'countersign live --json',
  run: async (context, { after }) => {
    const plane = await openPlane(context);
    const from = after === undefined ? undefined : { seq: wholeNumber(after, '--after', 0, MOST_ENTRIES) };
    return watchProject(context, plane, from);
  },
});

export const liveCommands = [live];
