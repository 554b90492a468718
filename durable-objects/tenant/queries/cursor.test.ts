import { describe, expect, test } from 'vitest';
import { decodeCursor, encodeCursor } from './cursor.ts';

describe('a cursor', () => {
  test.each([[[12]], [[0]], [[1_800_000_000_000, 7]]])('of %j comes back as it was given', (parts) => {
    expect(decodeCursor(encodeCursor(...parts), parts.length)).toEqual(parts);
  });

  test.each([null, undefined])('that is %s is none', (cursor) => {
    expect(decodeCursor(cursor, 1)).toBeUndefined();
  });

  test.each([
    ['of words', 'abc', 1],
    ['of another list', '1.2', 1],
    ['cut short', '1', 2],
    ['with a fraction part too many', '1.2.3', 2],
    ['beyond exact numbers', '9007199254740993', 1],
  ])('%s is refused', (_name, cursor, length) => {
    expect(() => decodeCursor(cursor, length)).toThrow(
      expect.objectContaining({ refusal: expect.objectContaining({ code: 'invalid_request' }) }),
    );
  });
});
