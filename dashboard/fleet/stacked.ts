/**
 * Values to be drawn one after the other so that they stand on top of each other: the first drawn reaches the sum of
 * all, and each that follows covers what is below it.
 */
export function stacked(lines: readonly (readonly (number | null)[])[]): readonly (readonly number[])[] {
  const pieces = lines[0]?.length ?? 0;
  return lines.map((_, place) =>
    Array.from({ length: pieces }, (_piece, piece) =>
      lines.slice(place).reduce((sum, line) => sum + (line[piece] ?? 0), 0),
    ),
  );
}
