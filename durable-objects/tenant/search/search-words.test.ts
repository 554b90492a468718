import { DatabaseSync } from 'node:sqlite';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { matchExpression } from './search-words.ts';

describe('what a caller types', () => {
  test.each<[string, string | undefined]>([
    ['late fee', '"late" "fee"'],
    ['"late fee" waived', '"late fee" "waived"'],
    ['billing.waive_late_fee', '"billing.waive_late_fee"'],
    ['a OR b NOT c NEAR(d)', '"a" "OR" "b" "NOT" "c" "NEAR(d)"'],
    ['words:secret -x ^y z*', '"words:secret" "-x" "^y" "z*"'],
    ['an "open phrase', '"an" "open" "phrase"'],
    ['nul\u0000byte', '"nul" "byte"'],
    ['"" - "!"', undefined],
    ['', undefined],
  ])('%j is looked for as %j', (text, expression) => {
    expect(matchExpression(text)).toBe(expression);
  });

  test('has a bounded number of terms', () => {
    expect(matchExpression('word '.repeat(100))?.split(' ')).toHaveLength(16);
  });

  test('is never syntax, whatever it is', () => {
    const database = new DatabaseSync(':memory:');
    database.exec('CREATE VIRTUAL TABLE t USING fts5(words)');
    database.exec("INSERT INTO t (words) VALUES ('late fee')");
    const find = database.prepare('SELECT rowid FROM t WHERE t MATCH ?');
    const anything = fc.string({ unit: 'binary', maxLength: 60 });
    const nasty = fc.string({ unit: 'grapheme-ascii', maxLength: 60 });
    for (const texts of [anything, nasty]) {
      fc.assert(
        fc.property(texts, (text) => {
          const expression = matchExpression(text);
          if (expression !== undefined) find.all(expression);
        }),
        { numRuns: 1_000 },
      );
    }
  });
});
