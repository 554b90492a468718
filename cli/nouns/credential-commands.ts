import type { View } from '@countersign/client/call-api';
import { printable } from '@countersign/client/printable';
import { type Command, command, operand } from '../command/command.ts';
import type { Context } from '../command/context.ts';
import { answerList, pageOf, pageOptions, timeColumn, wholeNumber } from '../command/listing.ts';
import type { Options } from '../command/options.ts';
import { handOver, type Issued, saveOption } from '../command/secret.ts';
import { reasonOption } from '../command/writing.ts';
import { exitCodes } from '../exit-codes.ts';
import { type Column, viewText } from '../output/table.ts';
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

/** One credential of a kind. */
export function showOf(
  noun: string,
  sample: string,
  read: (
    credentials: Credentials,
    id: string,
    options: { readonly signal: AbortSignal },
  ) => Promise<{ document: View; view: View }>,
): Command {
  return command({
    name: `${noun} show`,
    summary: 'one of them, without its secret',
    operands: ['ID'],
    example: `countersign ${noun} show ${sample}`,
    run: async (context, _values, operands) => {
      const { signal } = context.world;
      const { document, view } = await read(await openCredentials(context), operand(operands, 0), { signal });
      context.answer(document, viewText(view));
      return exitCodes.ok;
    },
  });
}

const LONGEST_OVERLAP_SECONDS = 86_400;

/** A new secret for one kind of credential. */
export function rotateOf(
  noun: string,
  sample: string,
  rotate: (
    credentials: Credentials,
    id: string,
    overlapSeconds: number | undefined,
    context: Context,
  ) => Promise<Issued>,
): Command {
  return command({
    name: `${noun} rotate`,
    summary: 'a new secret; the old one ends at once, or later',
    operands: ['ID'],
    options: {
      overlap: { type: 'string', value: 'SECONDS', help: 'how long the old one still counts' },
      ...saveOption,
    },
    example: `countersign ${noun} rotate ${sample} --overlap 3600 --save new.token`,
    run: async (context, { overlap, save }, operands) => {
      const seconds =
        overlap === undefined ? undefined : wholeNumber(overlap, '--overlap', 0, LONGEST_OVERLAP_SECONDS);
      const credentials = await openCredentials(context);
      return handOver(context, save, () => rotate(credentials, operand(operands, 0), seconds, context));
    },
  });
}

/** Ends one kind of credential. */
export function revokeOf(
  noun: string,
  sample: string,
  revoke: (
    credentials: Credentials,
    id: string,
    reason: string | undefined,
    context: Context,
  ) => Promise<View>,
): Command {
  return command({
    name: `${noun} revoke`,
    summary: 'make it count no more, from its next request on',
    operands: ['ID'],
    options: reasonOption,
    example: `countersign ${noun} revoke ${sample} --reason "not used any more"`,
    run: async (context, { reason }, operands) => {
      const id = operand(operands, 0);
      const answer = await revoke(await openCredentials(context), id, reason, context);
      context.answer(answer, `${printable(id)} is revoked\n`);
      return exitCodes.ok;
    },
  });
}
