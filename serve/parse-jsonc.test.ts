import { describe, expect, test } from 'vitest';
import { parseJsonc } from './parse-jsonc.ts';

describe('the text of a configuration', () => {
  test('may have comments, trailing commas and a byte order mark', () => {
    const text = '\uFEFF// here\n{ "a": [1, 2,], /* why */ "b": { "c": null, "d": "// no comment" }, }\n';
    expect(parseJsonc(text)).toEqual({ value: { a: [1, 2], b: { c: null, d: '// no comment' } } });
  });

  test('has keys like any other, whatever they are called', () => {
    expect(parseJsonc('{"__proto__": {"a": 1}}')).toEqual({
      value: Object.fromEntries([['__proto__', { a: 1 }]]),
    });
  });

  test.each([
    ['nothing', '', 'line 1, column 1: this is not valid JSON (ValueExpected)'],
    ['a word', '{\n  "keys": topsecret }', 'line 2, column 11: this is not valid JSON (InvalidSymbol)'],
    ['no comma', '{\r\n"a": 1\r\n"b": 2}', 'line 3, column 1: this is not valid JSON (CommaExpected)'],
    ['an end too early', '{} "x"', 'line 1, column 4: this is not valid JSON (EndOfFileExpected)'],
  ])('with %s is refused, told where, and not quoted', (_what, text, fault) => {
    expect(parseJsonc(text)).toEqual({ faults: [fault] });
  });

  test('with a field twice is refused, however it is written', () => {
    expect(parseJsonc('{"a": 1,\n "b": {"c": 1, "c": 3},\n "\\u0061": 4}')).toEqual({
      faults: [
        'line 3, column 2: this field stands here twice',
        'line 2, column 16: this field stands here twice',
      ],
    });
  });
});
