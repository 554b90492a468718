import * as z from 'zod';
import { coded } from '../values.ts';

const EXTENSION_KEY = /^x-(cloud|runner|experimental)-[A-Za-z0-9_.-]+$/;

/**
 * An object of a contract. Unknown keys are refused, but for `x-cloud-`, `x-runner-` and `x-experimental-` ones: these
 * stay in the value, because the digest covers them, and are no part of its type, because nothing of ours reads them.
 */
export function section<const Shape extends z.ZodRawShape>(shape: Shape): z.ZodObject<Shape, z.core.$strict> {
  const loose = z.looseObject(shape).superRefine(
    (value, context) => {
      for (const key of Object.keys(value)) {
        if (!Object.hasOwn(shape, key) && !EXTENSION_KEY.test(key)) {
          context.addIssue({ code: 'unrecognized_keys', keys: [key], input: value });
        }
      }
    },
    // Also when a member is wrong: the author shall see everything at once.
    { when: ({ value }) => typeof value === 'object' && value !== null && !Array.isArray(value) },
  );
  return loose as z.ZodObject<Shape, z.core.$strict>;
}

/** Text with something in it. */
export const proseSchema = z
  .string()
  .max(4_000)
  .refine((text) => text.trim() !== '', 'must not be blank');

const LONGEST_NAME = 127;
const NAME = /^[A-Za-z_][A-Za-z0-9_]*(\.[A-Za-z_][A-Za-z0-9_]*)?$/;
const QUALIFIED_NAME = /^[A-Za-z_][A-Za-z0-9_]*\.[A-Za-z_][A-Za-z0-9_]*$/;

/** `word` or `word.word`. */
export const nameSchema = z
  .string()
  .max(LONGEST_NAME)
  .regex(NAME, 'must be a word of letters, digits and _, or two with a dot');
/** `word.word`. */
export const qualifiedNameSchema = z
  .string()
  .max(LONGEST_NAME)
  .regex(QUALIFIED_NAME, 'must be two words of letters, digits and _, with a dot between');

/** A finite number that survives the trip exactly. */
export const boundSchema = z.number().superRefine((value, context) => {
  if (Number.isInteger(value) && !Number.isSafeInteger(value)) {
    context.addIssue(coded('UNSAFE_NUMBER', 'an integer beyond 2^53 cannot be compared exactly'));
  }
});
