import { documentLines } from '@countersign/client/document-lines';
import { lineDiff } from '@countersign/client/line-diff';
import { describe, expect, test } from 'vitest';
import { diffText } from './diff-text.ts';

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
