import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { lineDiff } from './line-diff.ts';

/** How many lines two texts can have in common, in order; slow, and plainly right. */
function mostInCommon([first, ...rest]: readonly string[], other: readonly string[]): number {
  if (first === undefined || other.length === 0) return 0;
  const at = other.indexOf(first);
  const without = mostInCommon(rest, other);
  return at < 0 ? without : Math.max(without, 1 + mostInCommon(rest, other.slice(at + 1)));
}

const lines = fc.array(fc.constantFrom('a', 'b', 'c'), { maxLength: 8 });
const only = (edits: ReturnType<typeof lineDiff>, sign: string) =>
  edits.filter((edit) => edit.sign === ' ' || edit.sign === sign).map(({ text }) => text);

describe('the difference of two texts', () => {
  test('leads from the one to the other, and keeps all that can be kept', () => {
    fc.assert(
      fc.property(lines, lines, (before, after) => {
        const edits = lineDiff(before, after);
        expect(only(edits, '-')).toEqual(before);
        expect(only(edits, '+')).toEqual(after);
        expect(edits.filter(({ sign }) => sign === ' ')).toHaveLength(mostInCommon(before, after));
      }),
    );
  });

  test('of texts that are far too long is still right', () => {
    const [before, after] = [0, 1].map((own) => [
      'first',
      ...Array.from({ length: 3_000 }, (_, place) => `${own} ${place}`),
      'last',
    ]);
    const edits = lineDiff(before ?? [], after ?? []);
    expect(only(edits, '-')).toEqual(before);
    expect(only(edits, '+')).toEqual(after);
    expect(edits.filter(({ sign }) => sign === ' ')).toHaveLength(2);
  });
});
