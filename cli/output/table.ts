import { printable } from '@countersign/client/printable';
import { widthOf, wrap } from './width.ts';

export const PAGE_WIDTH = 80;
const GAP = '  ';
/** Narrower, a column cannot be read. */
const LEAST_WIDTH = 8;

export interface Column<Row> {
  readonly title: string;
  readonly of: (row: Row) => unknown;
  /** An id: somebody will copy it, so it is never broken. */
  readonly isWhole?: boolean;
}

/** Rows under titles, within 80 columns: what does not fit is broken into lines, and nothing is left out. */
export function table<Row>(
  columns: readonly Column<Row>[],
  rows: readonly Row[],
  emphasize: (text: string) => string = (text) => text,
): string {
  const cells = rows.map((row) => columns.map((column) => textOf(column.of(row))));
  const widths = widthsFor(columns, cells);
  const titles = line(
    columns.map(({ title }) => title),
    widths,
  );
  return [emphasize(titles), ...cells.map((row) => block(row, widths))].map((text) => `${text}\n`).join('');
}

/** A value as it stands in a table. */
export function textOf(value: unknown): string {
  if (value === null || value === undefined || value === '') return '-';
  if (Array.isArray(value)) return value.length === 0 ? '-' : value.map(textOf).join(', ');
  if (typeof value === 'object') return printable(JSON.stringify(value));
  return printable(String(value));
}

function widthsFor<Row>(columns: readonly Column<Row>[], cells: readonly (readonly string[])[]): number[] {
  const widths = columns.map(({ title }, place) =>
    Math.max(widthOf(title), ...cells.map((row) => widthOf(row[place] ?? ''))),
  );
  const shrinkable = columns.flatMap(({ isWhole }, place) => (isWhole === true ? [] : [place]));
  const room = PAGE_WIDTH - GAP.length * (columns.length - 1);
  for (;;) {
    const excess = widths.reduce((sum, width) => sum + width, 0) - room;
    const [widest] = shrinkable
      .filter((place) => (widths[place] ?? 0) > LEAST_WIDTH)
      .sort((a, b) => (widths[b] ?? 0) - (widths[a] ?? 0));
    if (excess <= 0 || widest === undefined) return widths;
    widths[widest] = (widths[widest] ?? 0) - 1;
  }
}

function block(row: readonly string[], widths: readonly number[]): string {
  const pieces = row.map((cell, place) => wrap(cell, widths[place] ?? PAGE_WIDTH));
  const height = Math.max(...pieces.map(({ length }) => length));
  return Array.from({ length: height }, (_, at) =>
    line(
      pieces.map((piece) => piece[at] ?? ''),
      widths,
    ),
  ).join('\n');
}

function line(cells: readonly string[], widths: readonly number[]): string {
  return cells
    .map((cell, place) => cell + ' '.repeat(Math.max((widths[place] ?? 0) - widthOf(cell), 0)))
    .join(GAP)
    .trimEnd();
}

/** Below its name, so that what has to be copied stays in one piece. */
const INDENT = '    ';

/** Names and values below each other; long values go on under themselves. */
export function facts(pairs: readonly (readonly [string, unknown])[]): string {
  const shown = pairs.filter(([, value]) => value !== undefined);
  const names = Math.max(0, ...shown.map(([name]) => widthOf(name)));
  return shown.map(([name, value]) => fact(name, textOf(value), names)).join('');
}

function fact(name: string, text: string, names: number): string {
  const room = PAGE_WIDTH - names - GAP.length;
  const isOneWord = !text.includes(' ') && widthOf(text) > room;
  const lines = isOneWord ? ['', ...wrap(text, PAGE_WIDTH - INDENT.length)] : wrap(text, room);
  const under = isOneWord ? INDENT : ' '.repeat(names) + GAP;
  return lines
    .map((line, place) => (place === 0 ? name.padEnd(names) + GAP : under) + line)
    .map((line) => `${line.trimEnd()}\n`)
    .join('');
}

/** Members of members stand in a line of their own, with both names. */
export function flattened(value: object, before = ''): (readonly [string, unknown])[] {
  return Object.entries(value).flatMap(([name, member]): (readonly [string, unknown])[] => {
    const called = `${before}${name.replaceAll('_', ' ')}`;
    return typeof member === 'object' && member !== null && !Array.isArray(member)
      ? flattened(member, `${called} `)
      : [[called, member]];
  });
}

/** All of a view, a member a line. */
export function viewText(view: object): string {
  return facts(flattened(view));
}
