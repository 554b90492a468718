import type { View } from '@countersign/client/call-api';
import { type Command, command, operand } from '../command/command.ts';
import type { Context } from '../command/context.ts';
import { answerList, pageOf, pageOptions, timeColumn } from '../command/listing.ts';
import type { Options } from '../command/options.ts';
import { exitCodes } from '../exit-codes.ts';
import { usageFault } from '../fault.ts';
import type { Column } from '../output/table.ts';
import { openPlane, type Plane } from '../plane.ts';

/* What the nouns of credentials have in common. */

type Credentials = Awaited<ReturnType<Plane['credentials']>>;

export const openCredentials = async (context: Context): Promise<Credentials> =>
  (await openPlane(context)).credentials();

export const sourceOption = {
  source: { type: 'string', multiple: true, value: 'ID', help: 'a source that it may touch' },
} as const satisfies Options;

export const lastUse = timeColumn('LAST USED', 'last_used_at');

/** The list of one kind of credential. */
export function listOf(
  noun: string,
  summary: string,
  fetch: (
    credentials: Credentials,
    page: ReturnType<typeof pageOf>,
  ) => Promise<{ document: View; rows: View[] }>,
  columns: readonly Column<View>[],
): Command {
  return command({
    name: `${noun} list`,
    summary,
    options: pageOptions,
    example: `countersign ${noun} list`,
    run: async (context, values) => {
      const { document, rows } = await fetch(await openCredentials(context), pageOf(values));
      return answerList(context, document, rows, columns);
    },
  });
}

/** Ends one kind of credential. */
export function revokeOf(
  noun: string,
  sample: string,
  revoke: (credentials: Credentials, id: string, context: Context) => Promise<View>,
): Command {
  return command({
    name: `${noun} revoke`,
    summary: 'make it count no more, from its next request on',
    operands: ['ID'],
    example: `countersign ${noun} revoke ${sample}`,
    run: async (context, _values, operands) => {
      const id = operand(operands, 0);
      context.answer(await revoke(await openCredentials(context), id, context), `${id} is revoked\n`);
      return exitCodes.ok;
    },
  });
}

/** A time that was typed. Throws `CliFault`. */
export function timeOf(text: string): Date {
  const time = new Date(text);
  if (!/^\d{4}-\d\d-\d\d/.test(text) || Number.isNaN(time.getTime()))
    throw usageFault('--expires-at must be a time like 2027-01-31T12:00:00Z');
  return time;
}
