import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { printable, printableJson } from './printable.ts';

const DANGEROUS = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]/u;

describe('text from elsewhere', () => {
  test.each([
    ['\u001b[2Jgone', '\\u{1b}[2Jgone'],
    ['a\rb\nc', 'a\\u{d}b\\u{a}c'],
    ['pay \u202e001 to', 'pay \\u{202e}001 to'],
    ['zero\u200bwidth', 'zero\\u{200b}width'],
    ['line\u2028end', 'line\\u{2028}end'],
    ['\u009b31m', '\\u{9b}31m'],
    ['lone \ud800', 'lone \\u{d800}'],
    ['Ada Lindqvist, 日本, 👍', 'Ada Lindqvist, 日本, 👍'],
  ])('%j is printed as %j', (text, expected) => {
    expect(printable(text)).toBe(expected);
  });

  test('in JSON means the same and holds nothing that steers', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' })), (document) => {
        const text = printableJson(document);
        expect(text).not.toMatch(DANGEROUS);
        expect(JSON.parse(text)).toEqual(document);
      }),
    );
  });
});
