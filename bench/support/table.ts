import type { TableLine } from './bench.ts';
import type { Spread } from './statistics.ts';

/** A line for a number of rounds: the median, and from where to where it went. */
export function spreadLine(what: string, { median, min, max }: Spread, goal?: string): TableLine {
  return {
    what,
    value: number(median),
    range: `${number(min)} - ${number(max)}`,
    ...(goal === undefined ? {} : { goal }),
  };
}

export function valueLine(what: string, value: number, goal?: string): TableLine {
  return { what, value: number(value), ...(goal === undefined ? {} : { goal }) };
}

/** Three digits tell; the thousands are set apart. */
function number(value: number): string {
  const digits = Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 2;
  return value.toLocaleString('en-US', { minimumFractionDigits: digits, maximumFractionDigits: digits });
}

/** The lines under each other, in columns. */
export function renderTable(title: string, lines: readonly TableLine[]): string {
  const cells = lines.map(({ what, value, range = '', goal = '' }) => [
    what,
    value,
    range,
    goal && `goal ${goal}`,
  ]);
  const widths = [0, 1, 2, 3].map((column) => Math.max(...cells.map((row) => row[column]?.length ?? 0)));
  const rows = cells.map(([what = '', ...rest]) =>
    [what.padEnd(widths[0] ?? 0), ...rest.map((cell, place) => cell.padStart(widths[place + 1] ?? 0))]
      .join('  ')
      .trimEnd(),
  );
  return [`\n${title}`, ...rows.map((row) => `  ${row}`)].join('\n');
}
