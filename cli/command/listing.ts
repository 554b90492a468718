import type { Page, View } from '@countersign/client/call-api';
import { printable } from '@countersign/client/printable';
import { type ExitCode, exitCodes } from '../exit-codes.ts';
import { usageFault } from '../fault.ts';
import { type Column, table } from '../output/table.ts';
import type { Context } from './context.ts';
import type { Options, Values } from './options.ts';

const MOST_LISTED = 500;

export const pageOptions = {
  limit: { type: 'string', value: 'N', help: `how many at most, 1 to ${MOST_LISTED}` },
  cursor: { type: 'string', value: 'CURSOR', help: 'go on where a list ended' },
} as const satisfies Options;

export function pageOf({ limit, cursor }: Values<typeof pageOptions>): Page {
  return { limit: limit === undefined ? undefined : wholeNumber(limit, '--limit', 1, MOST_LISTED), cursor };
}

/** A number that was typed. Throws `CliFault`. */
export function wholeNumber(text: string, what: string, least: number, most: number): number {
  const number = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
  if (number >= least && number <= most) return number;
  throw usageFault(`${what} must be a whole number from ${least} to ${most}`);
}

/** A time that was typed. Throws `CliFault`. */
export function timeOf(text: string, what: string): Date {
  const time = new Date(text);
  if (!/^\d{4}-\d\d-\d\d/.test(text) || Number.isNaN(time.getTime()))
    throw usageFault(`${what} must be a time like 2027-01-31T12:00:00Z`);
  return time;
}

/** Answers with a list, and how to go on where there is more. */
export function answerList<Row extends View>(
  context: Context,
  document: View,
  rows: readonly Row[],
  columns: readonly Column<Row>[],
): ExitCode {
  context.answer(document, rows.length === 0 ? 'nothing\n' : table(columns, rows, context.emphasize));
  const { next_cursor } = document;
  if (!context.isJson && typeof next_cursor === 'string')
    context.say(`more: --cursor ${printable(next_cursor)}\n`);
  return exitCodes.ok;
}

/** A column of a view by its member. */
export function column(title: string, member: string, isWhole = false): Column<View> {
  return { title, of: (row) => row[member], isWhole };
}

/** A column of a time, to the minute. */
export function timeColumn(title: string, member: string): Column<View> {
  return { title, of: (row) => shortTime(row[member]) };
}

/** To the minute, in UTC; what is no time stays as it is. */
export function shortTime(value: unknown): unknown {
  const milliseconds =
    typeof value === 'number' ? value * 1_000 : typeof value === 'string' ? Date.parse(value) : Number.NaN;
  if (Number.isNaN(milliseconds) || Math.abs(milliseconds) > 8.64e15) return value;
  return `${new Date(milliseconds).toISOString().slice(0, 16).replace('T', ' ')}Z`;
}
