import { describe, expect, test } from 'vitest';
import { ConfigError } from './config-error.ts';
import { parseJsonc } from './parse-jsonc.ts';

function faultsOf(text: string): readonly string[] {
  try {
    parseJsonc(text);
  } catch (error) {
    if (error instanceof ConfigError) return error.faults;
    throw error;
  }
  return [];
}

describe('the text of a configuration', () => {
  test('may have comments and trailing commas', () => {
    const text = '// the runner\n{ "a": [1, 2,], /* why */ "b": { "c": null, "d": "// no comment" }, }\n';
    expect(parseJsonc(text)).toEqual({ a: [1, 2], b: { c: null, d: '// no comment' } });
  });

  test('may begin with a byte order mark', () => {
    expect(parseJsonc('\uFEFF{"a": true}')).toEqual({ a: true });
  });

  test('has keys like any other, whatever they are called', () => {
    const parsed = parseJsonc('{"__proto__": {"a": 1}, "constructor": 2}');
    expect(Object.keys(Object(parsed))).toEqual(['__proto__', 'constructor']);
  });

  test.each([
    ['nothing', '', 'line 1, column 1 (ValueExpected)'],
    ['a word', '{\n  "token": topsecret }', 'line 2, column 12 (InvalidSymbol)'],
    ['a single quote', "{'token': 1}", 'line 1, column 2 (InvalidSymbol)'],
    ['no comma', '{\r\n"a": 1\r\n"b": 2}', 'line 3, column 1 (CommaExpected)'],
    ['no end', '{"a": "topsecret', 'line 1, column 7 (UnexpectedEndOfString)'],
    ['a comment without an end', '{} /* topsecret', 'line 1, column 4 (UnexpectedEndOfComment)'],
    ['something after its end', '{} "topsecret"', 'line 1, column 4 (EndOfFileExpected)'],
    ['a number that is none', '{"a": 1.}', 'line 1, column 7 (UnexpectedEndOfNumber)'],
    ['two commas', '[1,,2]', 'line 1, column 4 (ValueExpected)'],
    ['a leading comma', '[,1]', 'line 1, column 2 (ValueExpected)'],
    ['a control character in a string', '{"a": "\u0001"}', 'line 1, column 7 (InvalidCharacter)'],
    ['a bad escape', '{"a": "\\q"}', 'line 1, column 7 (InvalidEscapeCharacter)'],
  ])('with %s is refused, told where, and not quoted', (_what, text, where) => {
    expect(faultsOf(text)).toEqual([`the configuration file is not valid JSON: ${where}`]);
  });

  test('with a field twice is refused: every such field, however it is written', () => {
    expect(faultsOf('{"a": 1,\n "b": {"c": 1, "d": 2, "c": 3},\n "\\u0061": 4}')).toEqual([
      'line 3, column 2: this field stands here twice',
      'line 2, column 24: this field stands here twice',
    ]);
    expect(faultsOf('[{"a": 1}, {"a": 2}]')).toEqual([]);
  });
});
