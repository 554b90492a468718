import { printable } from '@countersign/client/printable';
import { exitCodes } from '../exit-codes.ts';
import { CliFault, usageFault } from '../fault.ts';
import type { Context } from './context.ts';
import type { Options } from './options.ts';

export const yesOption = {
  yes: { type: 'boolean', help: 'show it, and do not ask' },
} as const satisfies Options;

/** Shows what somebody is about to agree to; on stderr where stdout is for a program. */
export function showFirst(context: Context, text: string): void {
  if (context.isJson) context.say(text);
  else context.world.print(text);
}

/** Has somebody type the verb before it happens to what was shown. Throws `CliFault` where nobody does. */
export async function confirm({ world }: Context, verb: string, what: string): Promise<void> {
  const typed = await world.ask(`Type ${verb} to ${verb} ${printable(what)}: `);
  if (typed === undefined)
    throw usageFault('nobody can be asked here: look at what is shown, then say --yes');
  if (typed.trim() !== verb) throw new CliFault('nothing was decided', { code: exitCodes.failed });
}
