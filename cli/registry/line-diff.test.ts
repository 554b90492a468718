import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { diffText, documentLines } from './diff-text.ts';
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

describe('a difference as it is shown', () => {
  const shown = (before: unknown, after: unknown) =>
    diffText(lineDiff(documentLines(before), documentLines(after)));

  test('has some lines around each change, and says how many are left out', () => {
    const many = Object.fromEntries(Array.from({ length: 20 }, (_, at) => [`k${10 + at}`, at]));
    expect(shown({ ...many, k15: 'old' }, { ...many, k15: 'new\u202e' })).toBe(`@ 3 lines as before
    "k12": 2,
    "k13": 3,
    "k14": 4,
-   "k15": "old",
+   "k15": "new\\u{202e}",
    "k16": 6,
    "k17": 7,
    "k18": 8,
@ 12 lines as before
`);
  });

  test('does not depend on the order of members', () => {
    expect(shown({ a: 1, b: [{ c: 2, d: 3 }] }, { b: [{ d: 3, c: 2 }], a: 1 })).toBe('');
  });

  test('shows a line of a text, not all of it', () => {
    const text = 'Be kind.\nBe \\n short.\nBe "true".';
    expect(shown({ text }, { text: text.replace('kind', 'brief') })).toBe(`  {
-   "text": "Be kind.\\n
+   "text": "Be brief.\\n
  Be \\\\n short.\\n
  Be \\"true\\"."
  }
`);
  });
});
