import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { EvaluationFault, ExactNumber } from './exact-number.ts';

function exact(value: unknown): ExactNumber {
  const number = ExactNumber.of(value);
  if (number === undefined) throw new Error(`no number: ${String(value)}`);
  return number;
}

describe('exact numbers', () => {
  test.each([
    [0.1, '0.10', 0],
    ['9007199254740993', 9007199254740992n, 1],
    ['-0', 0, 0],
    [1e21, '1000000000000000000000', 0],
    [1.5e-7, '0.00000015', 0],
    ['1E2', 100, 0],
    ['-12.34', -12.33, -1],
    ['00.5', 0.5, 0],
  ])('%s compared with %s', (left, right, order) => {
    expect(exact(left).compare(exact(right))).toBe(order);
    expect(exact(right).compare(exact(left)) + order).toBe(0);
  });

  test.each([
    ['abc'],
    [''],
    ['1.'],
    ['.5'],
    ['0x10'],
    [' 1'],
    ['NaN'],
    [Number.NaN],
    [Number.POSITIVE_INFINITY],
  ])('%s is none', (text) => {
    expect(ExactNumber.of(text)).toBeUndefined();
  });

  test.each([[null], [true], [{}], ['1'.repeat(101)], ['1e101'], ['1e-101'], [1e200]])(
    'nor is %s',
    (value) => {
      expect(ExactNumber.of(value)).toBeUndefined();
    },
  );

  test('calculates without rounding, where floating point would', () => {
    expect(exact(0.1).plus(exact(0.2)).compare(exact(0.3))).toBe(0);
    expect(exact('9007199254740993').plus(exact(1)).compare(exact('9007199254740994'))).toBe(0);
    expect(exact(1.1).times(exact(1.1)).compare(exact(1.21))).toBe(0);
    expect(exact(-7).remainder(exact(5)).compare(exact(-2))).toBe(0);
    expect(exact(0.35).remainder(exact(0.1)).compare(exact('0.05'))).toBe(0);
  });

  test('agrees with integers', () => {
    fc.assert(
      fc.property(fc.maxSafeInteger(), fc.maxSafeInteger(), (a, b) => {
        expect(exact(a).compare(exact(b))).toBe(a === b ? 0 : a < b ? -1 : 1);
        expect(
          exact(a)
            .plus(exact(b))
            .compare(exact(BigInt(a) + BigInt(b))),
        ).toBe(0);
        expect(
          exact(a)
            .times(exact(b))
            .compare(exact(BigInt(a) * BigInt(b))),
        ).toBe(0);
      }),
    );
  });

  test('a result may not grow without end, and nothing is divided by zero', () => {
    const large = exact(`1${'0'.repeat(99)}`);
    const larger = large.times(large).times(large).times(large);
    expect(() => larger.times(large)).toThrow(new EvaluationFault('numeric_overflow'));
    expect(() => large.remainder(exact(0))).toThrow(new EvaluationFault('modulo_by_zero'));
  });
});
