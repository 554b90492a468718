import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { Refused } from './problem.ts';
import { parseOrRefuse } from './validation.ts';
import { coded, identifierSchema, scalarSchema } from './values.ts';

function refusalOf(schema: z.ZodType, value: unknown) {
  try {
    parseOrRefuse(schema, value);
    return undefined;
  } catch (fault) {
    if (fault instanceof Refused) return fault.refusal;
    throw fault;
  }
}

const row = z.strictObject({ name: z.string(), size: z.int().min(1) });

describe('what does not pass a schema', () => {
  test('is refused with where, which rule, and in words', () => {
    expect(refusalOf(row, { name: 'a', size: 0 })).toMatchObject({
      code: 'validation_failed',
      message: expect.stringMatching(/^\$\.size: /),
      errors: [{ path: '$.size', code: 'validation_failed', message: expect.any(String) }],
    });
  });

  test('what passes is returned as the schema makes it', () => {
    expect(parseOrRefuse(z.strictObject({ a: z.int().default(3) }), {})).toEqual({ a: 3 });
  });

  test('every field that is not known is named, however deep', () => {
    const refusal = refusalOf(z.strictObject({ rows: z.array(row) }), {
      rows: [{ name: 'a', size: 1, colour: 'red', shape: 'round' }],
      extra: 1,
    });
    expect(refusal?.code).toBe('unknown_field');
    expect(refusal?.errors?.map(({ path }) => path).sort()).toEqual([
      '$.extra',
      '$.rows[0].colour',
      '$.rows[0].shape',
    ]);
  });

  test('a fault with a code of its own names the refusal, whatever stands before it', () => {
    const schema = z.strictObject({ size: z.int(), column: identifierSchema });
    const refusal = refusalOf(schema, { size: 'big', column: 'a"b' });
    expect(refusal?.code).toBe('invalid_identifier');
    expect(refusal?.message).toMatch(/^\$\.column: /);
    expect(refusal?.errors?.map(({ code }) => code)).toEqual(['validation_failed', 'invalid_identifier']);
  });

  test('a code that is not in the list never gets out', () => {
    const schema = z.string().superRefine((_, context) => context.addIssue(coded('made_up', 'no')));
    expect(refusalOf(schema, 'x')?.code).toBe('validation_failed');
  });

  test('of a union, what is said is about the branch that came closest', () => {
    expect(refusalOf(z.strictObject({ v: scalarSchema }), { v: 2 ** 60 })?.code).toBe('unsafe_number');
    const either = z.union([row, z.strictObject({ kind: z.literal('none') })]);
    expect(refusalOf(either, { name: 'a', size: 'x' })?.errors).toEqual([
      expect.objectContaining({ path: '$.size', code: 'validation_failed' }),
    ]);
    const told = z.discriminatedUnion('kind', [
      z.strictObject({ kind: z.literal('a') }),
      z.strictObject({ kind: z.literal('b') }),
    ]);
    expect(refusalOf(told, { kind: 'c' })?.code).toBe('validation_failed');
  });

  test('a bad key of a map is named like a bad field', () => {
    const refusal = refusalOf(z.record(identifierSchema, z.int()), { 'a b': 1 });
    expect(refusal).toMatchObject({ code: 'invalid_identifier', errors: [{ path: '$.a b' }] });
  });

  test('the list of issues is bounded', () => {
    const many = Object.fromEntries(Array.from({ length: 300 }, (_, at) => [`f${at}`, at]));
    expect(refusalOf(row, { name: 'a', size: 1, ...many })?.errors).toHaveLength(20);
  });

  test('a fault of ours is no refusal', () => {
    const schema = z.string().transform(() => {
      throw new RangeError('a bug');
    });
    expect(() => parseOrRefuse(schema, 'x')).toThrow(RangeError);
  });
});
