import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Refused } from './problem.ts';
import { refuseUnstorableText } from './storable-text.ts';

function refusalOf(value: unknown) {
  try {
    refuseUnstorableText(value);
    return undefined;
  } catch (fault) {
    if (fault instanceof Refused) return fault.refusal;
    throw fault;
  }
}

const nested = (depth: number): unknown => (depth === 0 ? 'leaf' : [nested(depth - 1)]);

describe('what the database stores exactly', () => {
  test('any well-formed text without NUL passes, wherever it stands', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 8 }), (text) => {
        const isStorable = text.isWellFormed() && !text.includes('\0');
        expect(refusalOf({ a: [text] }) === undefined).toBe(isStorable);
        expect(refusalOf({ [text]: 1 }) === undefined).toBe(isStorable && text !== '__proto__');
      }),
    );
  });

  test.each([
    ['a NUL', { a: { b: 'x\0y' } }, '$.a.b'],
    ['the first half of a pair', { a: ['\ud800'] }, '$.a.0'],
    ['the second half of a pair', { a: 'x\udc00' }, '$.a'],
    ['the halves in the wrong order', '\udc00\ud800', '$'],
    ['a half in a key', { a: { '\ud83d': 1 } }, '$.a'],
    ['a NUL in a key', { 'a\0': 1 }, '$'],
    ['a key that would vanish', JSON.parse('{"a":{"__proto__":1}}'), '$.a'],
  ])('%s is refused, and the place is named', (_, value, path) => {
    expect(refusalOf(value)).toMatchObject({
      code: 'unstorable_text',
      errors: [{ path, code: 'unstorable_text' }],
    });
  });

  test('nesting is bounded', () => {
    expect(refusalOf(nested(40))).toBeUndefined();
    expect(refusalOf(nested(41))?.code).toBe('unstorable_text');
    expect(refusalOf(JSON.parse('['.repeat(100_000) + ']'.repeat(100_000)))?.code).toBe('unstorable_text');
  });
});
